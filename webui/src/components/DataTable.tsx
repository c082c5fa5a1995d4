import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { memo, useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { Heading, useSort, type Sort, type SortColumn } from './sort'

export interface DataColumn<T> extends SortColumn<T> { cell: (row: T) => ReactNode; className?: string; /** Not on a phone. */ wide?: boolean }

const rowHeight = 44

/** Arrow keys go from row to row, staying in the column. */
function moveInColumn(e: KeyboardEvent<HTMLElement>) {
  if (e.key !== 'ArrowDown' && e.key !== 'ArrowUp') return
  const cell = (e.target as HTMLElement).closest('td')
  const row = cell?.parentElement
  const next = e.key === 'ArrowDown' ? row?.nextElementSibling : row?.previousElementSibling
  const same = cell && row && next?.children[[...row.children].indexOf(cell)]
  const target = same?.querySelector<HTMLElement>('a, button')
  if (!target) return
  e.preventDefault()
  target.focus()
  target.scrollIntoView({ block: 'nearest' })
}

const hidden = <T,>(c: DataColumn<T>) => `${c.className ?? ''} ${c.wide ? 'max-md:hidden' : ''}`

interface RowProps { row: unknown; columns: readonly DataColumn<never>[]; name: string; index: number }
/** Drawn again only when its own row or the columns change, not at every step of scrolling. */
const Row = memo(function Row({ row, columns, name, index }: RowProps) {
  return (
    <tr aria-rowindex={index} data-row={name} style={{ height: rowHeight }} className="border-b border-line last:border-0">
      {columns.map((c) => <td key={c.key} className={`px-4 max-md:px-2 ${hidden(c)}`}>{c.cell(row as never)}</td>)}
    </tr>
  )
})

/** Many rows: sortable, and only those near the screen are in the page. `columns` should stay the same between renders. */
export function DataTable<T>({ label, columns, rows, rowKey, first, testid }: { label: string; columns: readonly DataColumn<T>[]; rows: readonly T[]; rowKey: (row: T) => string; first: Sort; testid?: string }) {
  const { sorted, sort, toggle } = useSort(rows, columns, first)
  const host = useRef<HTMLDivElement>(null)
  const [top, setTop] = useState(0)
  useLayoutEffect(() => setTop((host.current?.offsetTop ?? 0) + 36), [])
  const virtual = useWindowVirtualizer({ count: sorted.length, estimateSize: () => rowHeight, overscan: 4, scrollMargin: top })
  const shown = virtual.getVirtualItems()
  const before = (shown[0]?.start ?? top) - top
  const after = virtual.getTotalSize() - ((shown[shown.length - 1]?.end ?? top) - top)
  return (
    <div ref={host} className="overflow-hidden rounded-lg border border-line bg-surface">
      <table className="w-full text-left text-sm" data-testid={testid} aria-rowcount={sorted.length + 1}>
        <caption className="sr-only">{label}</caption>
        <thead className="h-9 border-b border-line text-xs text-muted">
          <tr>{columns.map((c) => <Heading key={c.key} column={c} sort={sort} onSort={toggle} className={`max-md:px-2 ${hidden(c)}`} />)}</tr>
        </thead>
        <tbody onKeyDown={moveInColumn}>
          {before > 0 && <tr aria-hidden style={{ height: before }}><td colSpan={columns.length} /></tr>}
          {shown.map((item) => {
            const row = sorted[item.index]
            return row !== undefined && <Row key={rowKey(row)} row={row} columns={columns as readonly DataColumn<never>[]} name={rowKey(row)} index={item.index + 2} />
          })}
          {after > 0 && <tr aria-hidden style={{ height: after }}><td colSpan={columns.length} /></tr>}
        </tbody>
      </table>
    </div>
  )
}
