import { useSyncExternalStore } from 'react'
import type { HistoryPoint, PeerLive, Stats } from './types'

/** Samples kept for a peer's sparkline: [time in ms, bytes per second both ways]. */
export type Sample = readonly [number, number]
const kept = 60
const series = new Map<string, Sample[]>()
const listeners = new Map<string, Set<() => void>>()
const none: Sample[] = []

export function pushLive(id: string, live: PeerLive, now = Date.now()) {
  const old = series.get(id) ?? none
  series.set(id, [...old.slice(1 - kept), [now, live.rx_rate + live.tx_rate]])
  listeners.get(id)?.forEach((f) => f())
}

/** The recent rates of one peer as they came over the event stream. */
export function usePeerSeries(id: string): Sample[] {
  return useSyncExternalStore(
    (notify) => {
      const set = listeners.get(id) ?? new Set()
      listeners.set(id, set.add(notify))
      return () => { set.delete(notify) }
    },
    () => series.get(id) ?? none,
  )
}

type Connection = 'connecting' | 'open' | 'lost'
let connection: Connection = 'connecting'
const connectionListeners = new Set<() => void>()

export function setConnection(next: Connection) {
  if (next === connection) return
  connection = next
  connectionListeners.forEach((f) => f())
}
export function useConnection(): Connection {
  return useSyncExternalStore((f) => { connectionListeners.add(f); return () => { connectionListeners.delete(f) } }, () => connection)
}

/** Appends a live sample, but no denser than the history's own step. */
export function appendHistory(history: { step_s: number; points: HistoryPoint[] }, s: Stats) {
  const last = history.points[history.points.length - 1]
  if (last && Date.parse(s.t) - Date.parse(last.t) < history.step_s * 1000) return history
  const point: HistoryPoint = { t: s.t, cpu_percent: s.cpu_percent, memory_bytes: s.memory_bytes, rx_rate: s.rx_rate, tx_rate: s.tx_rate }
  return { ...history, points: [...history.points.slice(-1999), point] }
}
