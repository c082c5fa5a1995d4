import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { LogItem } from '../../api/types'
import { useMedia } from '../../lib/browser'
import { fieldText, levelTone, shortTime } from './line'
import { toneText } from '../../components/StatusBadge'

/** Only the lines near the window exist, however many there are. Arrow keys move, Enter opens. */
export function LogList({ items, onOpen, onEnd }: { items: LogItem[]; onOpen: (line: LogItem) => void; onEnd: () => void }) {
  const { t } = useTranslation()
  const host = useRef<HTMLDivElement>(null)
  const wide = useMedia('(min-width: 768px)')
  const virtual = useVirtualizer({ count: items.length, getScrollElement: () => host.current, estimateSize: () => (wide ? 28 : 52), overscan: 12 })
  const rows = virtual.getVirtualItems()
  const last = rows[rows.length - 1]?.index ?? 0
  useEffect(() => { if (last >= items.length - 20) onEnd() }, [last, items.length, onEnd])
  useEffect(() => virtual.measure(), [wide, virtual])
  return (
    <div ref={host} className="h-[calc(100dvh-19rem)] min-h-80 overflow-auto rounded-lg border border-line bg-surface" data-testid="log-list" role="log" aria-live="off" aria-label={t('nav.logs')} tabIndex={0}>
      <div className="relative" style={{ height: virtual.getTotalSize() }}>
        {rows.map((row) => {
          const item = items[row.index]
          if (!item) return null
          return (
            <button key={row.key} type="button" onClick={() => onOpen(item)} style={{ height: row.size, transform: `translateY(${row.start}px)` }}
              className="absolute inset-x-0 top-0 flex flex-wrap items-center gap-x-3 overflow-hidden border-b border-line px-3 text-left font-mono text-xs hover:bg-sunken focus-visible:-outline-offset-2 md:flex-nowrap"
              onKeyDown={(e) => {
                const next = e.key === 'ArrowDown' ? e.currentTarget.nextElementSibling : e.key === 'ArrowUp' ? e.currentTarget.previousElementSibling : null
                if (next instanceof HTMLElement) { e.preventDefault(); next.focus() }
              }}>
              <time dateTime={item.t} className="text-muted">{shortTime(item.t)}</time>
              <span className={`w-12 font-semibold ${toneText[levelTone(item.level)]}`}>{item.level}</span>
              <span className="w-28 truncate text-muted">{item.service}</span>
              <span className="min-w-0 truncate max-md:w-full md:flex-1">{item.message} <span className="text-muted">{fieldText(item.fields)}</span></span>
            </button>
          )
        })}
      </div>
    </div>
  )
}
