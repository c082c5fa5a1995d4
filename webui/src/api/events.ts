import type { QueryClient } from '@tanstack/react-query'
import { appendHistory, pushLive, setConnection } from './live'
import { keys } from './keys'
import type { Dashboard, DashboardHealth, Health, Job, Peer, PeerLive, Stats } from './types'

type Handler = (client: QueryClient, data: unknown) => void

function patchLive(client: QueryClient, changed: Record<string, PeerLive>) {
  for (const [id, live] of Object.entries(changed)) pushLive(id, live)
  client.setQueryData<Peer[]>(keys.peers, (old) => {
    if (!old) return old
    let touched = false
    const next = old.map((p) => {
      const live = changed[p.id]
      if (!live) return p
      touched = true
      return { ...p, live: { ...p.live, ...live } }
    })
    return touched ? next : old
  })
  // Few devices are open on their own; looking through those is cheaper than asking the cache for every one that changed.
  for (const { queryKey } of client.getQueryCache().findAll({ queryKey: keys.peers, predicate: (q) => q.queryKey.length === 2 })) {
    const live = changed[String(queryKey[1])]
    if (live) client.setQueryData<Peer>(queryKey, (old) => old && { ...old, live: { ...old.live, ...live } })
  }
}

function patchStats(client: QueryClient, stats: Stats) {
  client.setQueryData<Dashboard>(keys.dashboard, (old) => old && { ...old, stats, history: appendHistory(old.history, stats) })
}

function patchJob(client: QueryClient, job: Job) {
  const before = client.getQueryData<Job>(keys.job(job.id))?.state
  client.setQueryData<Job[]>(keys.jobs, (old) => {
    const list = old ?? []
    return list.some((j) => j.id === job.id) ? list.map((j) => (j.id === job.id ? job : j)) : [job, ...list]
  })
  client.setQueryData(keys.job(job.id), job)
  if (job.kind.startsWith('service.') && job.state !== before) renewServices(client)
}

/** A service or a package is in another state: the list, the store and what runs for it. */
function renewServices(client: QueryClient) {
  for (const queryKey of [keys.services, keys.store, keys.plugins]) void client.invalidateQueries({ queryKey })
}

/** The server sends either the public health object or the dashboard's list; both are understood. */
function patchHealth(client: QueryClient, data: Health | DashboardHealth) {
  if ('items' in data) client.setQueryData<Dashboard>(keys.dashboard, (old) => old && { ...old, health: data })
  else {
    client.setQueryData(keys.health, data)
    void client.invalidateQueries({ queryKey: keys.dashboard })
  }
}

const handlers: Record<string, Handler> = {
  'peer.live': (client, data) => patchLive(client, data as Record<string, PeerLive>),
  'peer.changed': (client) => void client.invalidateQueries({ queryKey: keys.peers }),
  'container.changed': (client) => void client.invalidateQueries({ queryKey: keys.containers }),
  stats: (client, data) => patchStats(client, data as Stats),
  job: (client, data) => patchJob(client, data as Job),
  service: (client) => renewServices(client),
  health: (client, data) => patchHealth(client, data as Health | DashboardHealth),
  'config.changed': (client) => void client.invalidateQueries({ predicate: (q) => q.queryKey[0] === 'config' || q.queryKey[0] === 'peers' }),
  resync: (client) => void client.invalidateQueries(),
}

let connectNow: () => void = () => {}

/** Tries the stream again at once, when somebody does not want to wait for the next pause to end. */
export function reconnect() { connectNow() }

/**
 * One stream for the whole UI, kept open while somebody is logged in. The browser reconnects by itself after a
 * broken connection, but gives up after an HTTP error, so that case is retried here with growing pauses.
 * @returns a function that closes it.
 */
export function openEvents(client: QueryClient, url = '/api/events'): () => void {
  let source: EventSource | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let pause = 1000
  let wasLost = false

  const connect = () => {
    source = new EventSource(url)
    source.onopen = () => {
      pause = 1000
      setConnection('open')
      // What happened in between is not known when the server cannot replay it.
      if (wasLost) void client.invalidateQueries()
      wasLost = false
    }
    source.onerror = () => {
      wasLost = true
      setConnection('lost')
      if (source?.readyState !== EventSource.CLOSED) return
      timer = setTimeout(connect, pause)
      pause = Math.min(pause * 2, 30000)
      void client.invalidateQueries({ queryKey: keys.session })
    }
    for (const [name, handle] of Object.entries(handlers)) {
      source.addEventListener(name, (event) => {
        try {
          handle(client, JSON.parse((event as MessageEvent<string>).data || 'null'))
        } catch (error) {
          console.warn(`event ${name} not understood`, error)
        }
      })
    }
  }
  connectNow = () => {
    clearTimeout(timer)
    source?.close()
    connect()
  }
  connect()
  return () => {
    connectNow = () => {}
    clearTimeout(timer)
    source?.close()
    setConnection('connecting')
  }
}
