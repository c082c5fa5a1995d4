import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Peer } from '../../api/types'
import { Select } from '../../components/form'
import { SearchInput } from '../../components/SearchInput'
import type { PeerFilter } from './state'

const states = ['online', 'idle', 'never', 'disabled', 'expired'] as const

/** Search and what narrows it. A filter that would offer no choice is not shown. */
export function PeerFilters({ all, filter, set }: { all: Peer[]; filter: PeerFilter; set: (patch: Record<string, string>) => void }) {
  const { t } = useTranslation()
  const tags = useMemo(() => [...new Set(all.flatMap((p) => p.tags))].sort(), [all])
  const owners = useMemo(() => [...new Map(all.flatMap((p) => (p.owner_id ? [[p.owner_id, p.owner_name ?? p.owner_id] as const] : []))).entries()], [all])
  const narrow = '!w-auto max-w-40 max-sm:flex-1'
  return (
    <>
      <SearchInput value={filter.q} onChange={(q) => set({ q })} label={t('peers.search')} testid="peer-search" className="max-sm:basis-full sm:max-w-72" />
      <Select value={filter.state} onChange={(e) => set({ state: e.target.value })} aria-label={t('peers.state')} className={narrow} data-testid="peer-filter-state">
        <option value="">{t('peers.anyState')}</option>
        {states.map((s) => <option key={s} value={s}>{t(`peer.${s}`)}</option>)}
      </Select>
      {tags.length > 0 && (
        <Select value={filter.tag} onChange={(e) => set({ tag: e.target.value })} aria-label={t('peers.tag')} className={narrow} data-testid="peer-filter-tag">
          <option value="">{t('peers.anyTag')}</option>
          {tags.map((x) => <option key={x} value={x}>{x}</option>)}
        </Select>
      )}
      {owners.length > 1 && (
        <Select value={filter.owner} onChange={(e) => set({ owner: e.target.value })} aria-label={t('peers.owner')} className={narrow} data-testid="peer-filter-owner">
          <option value="">{t('peers.anyOwner')}</option>
          {owners.map(([id, name]) => <option key={id} value={id}>{name}</option>)}
        </Select>
      )}
    </>
  )
}
