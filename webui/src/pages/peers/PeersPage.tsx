import { Plus, Search, Smartphone } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router-dom'
import { useIsAdmin, usePeers } from '../../api/queries'
import type { Peer } from '../../api/types'
import { Button } from '../../components/Button'
import { Input, Select } from '../../components/form'
import { EmptyState, Page } from '../../components/layout'
import { QueryState } from '../../components/QueryState'
import { AddDeviceDialog } from './AddDeviceDialog'
import { PeerGrid } from './PeerGrid'
import { filterPeers, type PeerFilter } from './state'

function useFilter() {
  const [params, setParams] = useSearchParams()
  const get = (key: string) => params.get(key) ?? ''
  const filter: PeerFilter = { q: get('q'), tag: get('tag'), owner: get('owner'), state: get('state') }
  const set = (patch: Record<string, string>) => setParams((old) => {
    const next = new URLSearchParams(old)
    for (const [key, value] of Object.entries(patch)) { if (value) next.set(key, value); else next.delete(key) }
    return next
  }, { replace: true })
  return { filter, set, dialog: get('dialog') }
}

export function Component() {
  const { t } = useTranslation()
  const admin = useIsAdmin()
  const peers = usePeers()
  const { filter, set, dialog } = useFilter()
  const add = () => set({ dialog: 'add' })
  const online = peers.data?.filter((p) => p.live.state === 'online').length ?? 0
  const addButton = <Button variant="primary" icon={Plus} onClick={add} data-testid="add-device">{t('peers.add')}</Button>
  return (
    <Page title={t(admin ? 'nav.peers' : 'peers.mine')} lead={peers.data && t('peers.summary', { count: peers.data.length, online })} actions={peers.data?.length ? addButton : undefined}>
      <QueryState query={peers} skeleton={<div className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3" data-testid="skeleton">{Array.from({ length: 6 }, (_, i) => <div key={i} className="skeleton h-48" />)}</div>}>
        {(all) => all.length === 0
          ? <EmptyState icon={Smartphone} title={t('peers.empty')} action={addButton}>{t('peers.emptyText')}</EmptyState>
          : <List all={all} filter={filter} set={set} />}
      </QueryState>
      {dialog === 'add' && <AddDeviceDialog onClose={() => set({ dialog: '' })} />}
    </Page>
  )
}

function List({ all, filter, set }: { all: Peer[]; filter: PeerFilter; set: (patch: Record<string, string>) => void }) {
  const { t } = useTranslation()
  const { q, tag, owner, state } = filter
  const shown = useMemo(() => filterPeers(all, { q, tag, owner, state }), [all, q, tag, owner, state])
  const tags = useMemo(() => [...new Set(all.flatMap((p) => p.tags))].sort(), [all])
  const owners = useMemo(() => [...new Map(all.flatMap((p) => (p.owner_id ? [[p.owner_id, p.owner_name ?? p.owner_id] as const] : []))).entries()], [all])
  return (
    <>
      <div className="flex flex-wrap gap-2" role="search">
        <div className="relative min-w-52 flex-1 sm:max-w-80">
          <Search size={16} className="absolute top-2.5 left-3 text-muted" aria-hidden />
          <Input type="search" value={q} onChange={(e) => set({ q: e.target.value })} placeholder={t('peers.search')} aria-label={t('peers.search')} className="pl-9" data-testid="peer-search" />
        </div>
        <Select value={state} onChange={(e) => set({ state: e.target.value })} aria-label={t('peers.state')} className="!w-auto" data-testid="peer-filter-state">
          <option value="">{t('peers.anyState')}</option>
          {(['online', 'idle', 'never', 'disabled', 'expired'] as const).map((s) => <option key={s} value={s}>{t(`peer.${s}`)}</option>)}
        </Select>
        {tags.length > 0 && (
          <Select value={tag} onChange={(e) => set({ tag: e.target.value })} aria-label={t('peers.tag')} className="!w-auto">
            <option value="">{t('peers.anyTag')}</option>
            {tags.map((x) => <option key={x} value={x}>{x}</option>)}
          </Select>
        )}
        {owners.length > 1 && (
          <Select value={owner} onChange={(e) => set({ owner: e.target.value })} aria-label={t('peers.owner')} className="!w-auto">
            <option value="">{t('peers.anyOwner')}</option>
            {owners.map(([id, name]) => <option key={id} value={id}>{name}</option>)}
          </Select>
        )}
      </div>
      {shown.length === 0
        ? <EmptyState icon={Search} title={t('peers.noMatch')} action={<Button onClick={() => set({ q: '', tag: '', owner: '', state: '' })}>{t('peers.clear')}</Button>} />
        : <PeerGrid peers={shown} />}
    </>
  )
}
