import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { render } from '@testing-library/react'
import type { ReactElement } from 'react'
import { createMemoryRouter, RouterProvider } from 'react-router-dom'
import { vi } from 'vitest'
import { keys } from '../api/keys'
import type { Peer, Session } from '../api/types'
import { Toaster } from '../components/Toast'

export const admin: Session = { user: { id: 'u1', name: 'admin', role: 'admin' }, csrf_token: 'tok', expires_at: '2030-01-01T00:00:00Z', idle_expires_at: '2030-01-01T00:00:00Z' }

export function aPeer(over: Partial<Peer> = {}): Peer {
  return {
    id: 'p1', name: 'phone', owner_id: null, owner_name: null, tags: [], enabled: true, public_key: 'k', has_preshared_key: true, key_origin: 'browser', addresses: ['10.13.13.2'],
    policy: { internet: true, lan: false, peers: false, services: true }, exit: null, dns_name: 'phone.home.cell', created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:00Z', expires_at: null, config_available: false,
    live: { state: 'never', last_handshake_at: null, endpoint: null, rx_rate: 0, tx_rate: 0, rx_bytes: 0, tx_bytes: 0 }, ...over,
  }
}

export interface Sent { method: string; path: string; body: unknown; headers: Record<string, string> }

/** Answers fetch from a table "METHOD /path" → [status, body], and remembers what was sent. */
export function stubApi(table: Record<string, [number, unknown] | ((sent: Sent) => [number, unknown])>): Sent[] {
  const sent: Sent[] = []
  vi.stubGlobal('fetch', vi.fn(async (url: string, init: RequestInit) => {
    const path = url.split('?')[0] ?? url
    const call: Sent = { method: init.method ?? 'GET', path, body: init.body ? JSON.parse(String(init.body)) : undefined, headers: init.headers as Record<string, string> }
    sent.push(call)
    const entry = table[`${call.method} ${path}`]
    const [status, body] = typeof entry === 'function' ? entry(call) : (entry ?? [404, { type: 'urn:cell:problem:not_found', title: 'not found', status: 404 }])
    return new Response(status === 204 ? null : JSON.stringify(body), { status, headers: { 'Content-Type': status >= 400 ? 'application/problem+json' : 'application/json' } })
  }))
  return sent
}

export function show(element: ReactElement, { path = '/', session = admin as Session | null, routes = [] as { path: string; element: ReactElement }[] } = {}) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } })
  client.setQueryData(keys.session, session)
  const router = createMemoryRouter([{ path: '*', element }, ...routes], { initialEntries: [path] })
  const view = render(<QueryClientProvider client={client}><RouterProvider router={router} /><Toaster /></QueryClientProvider>)
  return { client, router, ...view }
}
