import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { useLayoutEffect, useRef, useState } from 'react'
import type { Peer } from '../../api/types'
import type { PeerDialogName } from './PeerActions'
import { PeerCard } from './PeerCard'

const gap = 12
const leastWidth = 290

/** Cards in as many columns as fit; only rows near the screen are in the page, so a thousand devices stay quick. */
export function PeerGrid({ peers, onPick }: { peers: Peer[]; onPick: (id: string, name: PeerDialogName) => void }) {
  const host = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => {
    const el = host.current
    if (!el) return
    setWidth(el.clientWidth)
    const watch = new ResizeObserver(() => setWidth(el.clientWidth))
    watch.observe(el)
    return () => watch.disconnect()
  }, [])
  const columns = Math.max(1, Math.min(3, Math.floor((width + gap) / (leastWidth + gap))))
  const rows = Math.ceil(peers.length / columns)
  const virtual = useWindowVirtualizer({
    count: rows, estimateSize: () => 150, overscan: 4, gap, scrollMargin: host.current?.offsetTop ?? 0,
  })
  return (
    <div ref={host} className="relative" style={{ height: virtual.getTotalSize() }} role="list" data-testid="peer-list">
      {width > 0 && virtual.getVirtualItems().map((row) => (
        <div key={row.key} ref={virtual.measureElement} data-index={row.index} role="presentation" className="absolute inset-x-0 top-0 grid gap-3"
          style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`, transform: `translateY(${row.start - virtual.options.scrollMargin}px)` }}>
          {peers.slice(row.index * columns, (row.index + 1) * columns).map((p) => <PeerCard key={p.id} peer={p} onPick={onPick} />)}
        </div>
      ))}
    </div>
  )
}
