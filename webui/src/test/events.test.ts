import { QueryClient } from '@tanstack/react-query'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { openEvents } from '../api/events'
import { keys } from '../api/keys'
import type { Job, Peer } from '../api/types'
import { aPeer } from './render'

class FakeSource {
  static all: FakeSource[] = []
  static readonly CLOSED = 2
  readyState = 1
  onopen?: () => void
  onerror?: () => void
  handlers = new Map<string, (e: { data: string }) => void>()
  constructor(readonly url: string) { FakeSource.all.push(this) }
  addEventListener(name: string, f: (e: { data: string }) => void) { this.handlers.set(name, f) }
  emit(name: string, data: unknown) { this.handlers.get(name)?.({ data: typeof data === 'string' ? data : JSON.stringify(data) }) }
  close() { this.readyState = 2 }
}
const last = () => FakeSource.all[FakeSource.all.length - 1] as FakeSource

describe('event stream', () => {
  let client: QueryClient
  beforeEach(() => {
    FakeSource.all = []
    vi.stubGlobal('EventSource', FakeSource)
    client = new QueryClient()
  })
  it('puts live state into the list and the single device, and leaves the others as they are', () => {
    const other = aPeer({ id: 'p2', name: 'laptop' })
    client.setQueryData(keys.peers, [aPeer(), other])
    client.setQueryData(keys.peer('p1'), aPeer())
    const close = openEvents(client)
    last().emit('peer.live', { p1: { state: 'online', last_handshake_at: '2026-01-01T00:00:00Z', rx_rate: 5, tx_rate: 6, rx_bytes: 7, tx_bytes: 8 } })
    const list = client.getQueryData<Peer[]>(keys.peers) ?? []
    expect(list[0]?.live).toMatchObject({ state: 'online', rx_rate: 5 })
    expect(list[1]).toBe(other)
    expect(client.getQueryData<Peer>(keys.peer('p1'))?.live.state).toBe('online')
    close()
    expect(last().readyState).toBe(2)
  })
  it('adds and replaces jobs', () => {
    const job = (state: Job['state']) => ({ id: 'j', kind: 'k', title: 't', state, progress: 0, phases: [], created_at: '' })
    openEvents(client)
    last().emit('job', job('running'))
    last().emit('job', job('done'))
    expect(client.getQueryData<Job[]>(keys.jobs)?.map((j) => j.state)).toEqual(['done'])
  })
  it('is not thrown off by data it does not understand', () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue()
    openEvents(client)
    expect(() => last().emit('peer.live', '{broken')).not.toThrow()
    expect(warn).toHaveBeenCalledOnce()
  })
  it('comes back with growing pauses when the server refuses, and then asks for everything anew', () => {
    vi.useFakeTimers()
    const invalidate = vi.spyOn(client, 'invalidateQueries')
    const close = openEvents(client)
    for (const pause of [1000, 2000, 4000]) {
      last().readyState = FakeSource.CLOSED
      last().onerror?.()
      const before = FakeSource.all.length
      vi.advanceTimersByTime(pause - 1)
      expect(FakeSource.all.length).toBe(before)
      vi.advanceTimersByTime(1)
      expect(FakeSource.all.length).toBe(before + 1)
    }
    invalidate.mockClear()
    last().onopen?.()
    expect(invalidate).toHaveBeenCalledWith()
    close()
    vi.useRealTimers()
  })
})
