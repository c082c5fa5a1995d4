import { ArrowDown, ArrowUp, ChevronsUpDown } from 'lucide-react'
import { useMemo, useState } from 'react'

export interface SortColumn<T> { key: string; label: string; hideLabel?: boolean; sort?: ((row: T) => string | number) | undefined }
export interface Sort { key: string; down: boolean }

/** Made once: localeCompare makes one at every call. */
export const collator = new Intl.Collator(undefined, { numeric: true })

export function sortRows<T>(rows: readonly T[], columns: readonly SortColumn<T>[], sort: Sort | undefined): readonly T[] {
  const by = columns.find((c) => c.key === sort?.key)?.sort
  if (!by) return rows
  const order = (a: T, b: T) => {
    const [x, y] = [by(a), by(b)]
    return typeof x === 'number' && typeof y === 'number' ? x - y : collator.compare(String(x), String(y))
  }
  return [...rows].sort((a, b) => (sort?.down ? order(b, a) : order(a, b)))
}

export function useSort<T>(rows: readonly T[], columns: readonly SortColumn<T>[], first?: Sort) {
  const [sort, setSort] = useState(first)
  // Columns are made anew at every render; which one is chosen is what matters.
  const sorted = useMemo(() => sortRows(rows, columns, sort), [rows, sort])
  const toggle = (key: string) => setSort((old) => ({ key, down: old?.key === key && !old.down }))
  return { sorted, sort, toggle }
}

/** A column's heading; a button where it sorts. */
export function Heading<T>({ column: c, sort, onSort, className }: { column: SortColumn<T>; sort: Sort | undefined; onSort: (key: string) => void; className: string }) {
  const mine = sort?.key === c.key
  const Icon = !mine ? ChevronsUpDown : sort.down ? ArrowDown : ArrowUp
  return (
    <th scope="col" aria-sort={mine ? (sort.down ? 'descending' : 'ascending') : undefined} className={`px-4 py-1.5 font-medium ${className}`}>
      {c.hideLabel ? <span className="sr-only">{c.label}</span>
        : c.sort ? <button type="button" className="-mx-1 inline-flex min-h-7 items-center gap-1 rounded px-1 hover:text-text" onClick={() => onSort(c.key)}>{c.label}<Icon size={13} className={mine ? '' : 'opacity-50'} aria-hidden /></button>
          : c.label}
    </th>
  )
}
