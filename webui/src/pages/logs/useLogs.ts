import { useInfiniteQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { api } from '../../api/client'
import { keys } from '../../api/keys'
import type { LogItem, LogPage } from '../../api/types'

export interface LogFilter { service: string; level: string; q: string; since: string }
const pageSize = 200
const kept = 5000

/** What the filter finds, newest first; older pages by cursor, or from the oldest line on where the server has no cursor. */
export function useLogPages(filter: LogFilter) {
  return useInfiniteQuery({
    queryKey: keys.logs(filter),
    initialPageParam: {} as { cursor?: string; until?: string },
    queryFn: ({ pageParam, signal }) => api.get<LogPage>('/api/logs', { query: { ...filter, ...pageParam, limit: pageSize }, signal }),
    getNextPageParam: (last, _pages, param) => {
      if (last.next_cursor) return { cursor: last.next_cursor }
      const oldest = last.items[last.items.length - 1]?.t
      return last.items.length < pageSize || !oldest || oldest === param.until ? undefined : { until: oldest }
    },
    refetchOnWindowFocus: false,
  })
}

/** Lines that come while following. `lost` when the server has no stream: the caller asks again instead. */
export function useFollow(filter: LogFilter, on: boolean): { fresh: LogItem[]; lost: boolean } {
  const [fresh, setFresh] = useState<LogItem[]>([])
  const [lost, setLost] = useState(false)
  const query = useMemo(() => {
    const p = new URLSearchParams()
    for (const [k, v] of Object.entries({ service: filter.service, level: filter.level, q: filter.q })) if (v) p.set(k, v)
    return p.toString()
  }, [filter])
  useEffect(() => {
    setFresh([])
    setLost(false)
    if (!on) return
    // Collected and shown four times a second: a burst of lines must not mean a burst of renders.
    let batch: LogItem[] = []
    const source = new EventSource(`/api/logs/follow${query ? `?${query}` : ''}`)
    source.addEventListener('log', (e) => { batch.push(JSON.parse((e as MessageEvent<string>).data) as LogItem) })
    source.onerror = () => { if (source.readyState === EventSource.CLOSED) setLost(true) }
    const timer = setInterval(() => {
      if (batch.length === 0) return
      const lines = batch.reverse()
      batch = []
      setFresh((old) => [...lines, ...old].slice(0, kept))
    }, 250)
    return () => { clearInterval(timer); source.close() }
  }, [query, on])
  return { fresh, lost }
}
