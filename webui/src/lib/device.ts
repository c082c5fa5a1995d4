import { api } from '../api/client'
import type { Peer, PeerCreate, PeerWithConfig } from '../api/types'
import { fillPrivateKey, makeKeyPair } from './keys'

export type KeyOrigin = 'browser' | 'server'
export interface ReadyDevice { peer: Peer; config: string }

async function withKey(origin: KeyOrigin, send: (publicKey: { public_key?: string }) => Promise<PeerWithConfig>): Promise<ReadyDevice> {
  const pair = origin === 'browser' ? await makeKeyPair() : undefined
  const { config, ...peer } = await send(pair ? { public_key: pair.publicKey } : {})
  return { peer, config: pair ? fillPrivateKey(config, pair.privateKey) : config }
}

/** Creates a device. A key made here goes into the configuration here and is never sent. */
export const createDevice = (body: PeerCreate, origin: KeyOrigin) =>
  withKey(origin, (key) => api.post<PeerWithConfig>('/api/peers', { ...body, ...key }))

/** A new key for a device; the old configuration stops working. */
export const rekeyDevice = (id: string, origin: KeyOrigin) =>
  withKey(origin, (key) => api.post<PeerWithConfig>(`/api/peers/${encodeURIComponent(id)}/rekey`, key))
