import type { ReactNode } from 'react'
import { Heading, useSort, type SortColumn } from './sort'

export interface Column<T> extends SortColumn<T> { cell: (row: T) => ReactNode; className?: string }

/** A plain table; on a phone each row becomes a small block with its labels. */
export function Table<T>({ label, columns, rows, rowKey, testid }: { label: string; columns: readonly Column<T>[]; rows: readonly T[]; rowKey: (row: T) => string; testid?: string }) {
  const { sorted, sort, toggle } = useSort(rows, columns)
  return (
    <div className="overflow-hidden rounded-lg border border-line bg-surface">
      <table className="w-full text-left text-sm max-md:block" data-testid={testid}>
        <caption className="sr-only">{label}</caption>
        <thead className="border-b border-line text-xs text-muted max-md:sr-only">
          <tr>{columns.map((c) => <Heading key={c.key} column={c} sort={sort} onSort={toggle} className="" />)}</tr>
        </thead>
        <tbody className="max-md:block">
          {sorted.map((row) => (
            <tr key={rowKey(row)} data-row={rowKey(row)} className="border-b border-line last:border-0 max-md:flex max-md:flex-col max-md:gap-1 max-md:px-4 max-md:py-3">
              {columns.map((c) => (
                <td key={c.key} className={`min-w-0 align-middle md:px-4 md:py-2 max-md:flex max-md:gap-3 ${c.className ?? ''}`}>
                  {!c.hideLabel && <span aria-hidden className="w-28 flex-none text-xs text-muted md:hidden">{c.label}</span>}
                  <span className="min-w-0">{c.cell(row)}</span>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
