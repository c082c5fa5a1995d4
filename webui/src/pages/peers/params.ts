import { useSearchParams } from 'react-router-dom'
import { read, write } from '../../lib/browser'
import { peerDialogs } from './PeerActions'
import type { PeerFilter } from './state'

export type PeerView = 'cards' | 'table'

/** Everything the page of devices shows is in its address: filter, view, and the dialog of which device. */
export function useDeviceParams() {
  const [params, setParams] = useSearchParams()
  const get = (key: string) => params.get(key) ?? ''
  const filter: PeerFilter = { q: get('q'), tag: get('tag'), owner: get('owner'), state: get('state') }
  const set = (patch: Record<string, string>) => setParams((old) => {
    const next = new URLSearchParams(old)
    for (const [key, value] of Object.entries(patch)) { if (value) next.set(key, value); else next.delete(key) }
    return next
  }, { replace: true })
  const view: PeerView = (get('view') || read('cell.devices')) === 'table' ? 'table' : 'cards'
  const setView = (next: PeerView) => { write('cell.devices', next); set({ view: next }) }
  return { filter, set, view, setView, adding: get('dialog') === 'add', dialog: peerDialogs.find((d) => d === get('dialog')), device: get('device') }
}
