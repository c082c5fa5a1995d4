import type { UseQueryResult } from '@tanstack/react-query'
import { LayoutGrid, Plus, Search, Smartphone, Table2 } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Peer } from '../../api/types'
import { Button, IconButton } from '../../components/Button'
import { EmptyState } from '../../components/layout'
import { QueryState } from '../../components/QueryState'
import { useStable } from '../../lib/stable'
import { AddDeviceDialog } from './AddDeviceDialog'
import { useDeviceParams } from './params'
import type { PeerDialogName } from './PeerActions'
import { PeerDialogs } from './PeerDialogs'
import { PeerFilters } from './PeerFilters'
import { PeerGrid } from './PeerGrid'
import { PeerTable } from './PeerTable'
import { filterPeers } from './state'

const skeleton = <div className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3" data-testid="skeleton">{Array.from({ length: 6 }, (_, i) => <div key={i} className="skeleton h-36" />)}</div>

export function DevicesTab({ query }: { query: UseQueryResult<Peer[]> }) {
  const { t } = useTranslation()
  const { set, adding, dialog, device } = useDeviceParams()
  const close = () => set({ dialog: '', device: '' })
  const open = query.data?.find((p) => p.id === device)
  return (
    <div className="flex flex-col gap-4">
      <QueryState query={query} skeleton={skeleton}>
        {(all) => all.length === 0
          ? <EmptyState icon={Smartphone} title={t('peers.empty')} action={<Button variant="primary" icon={Plus} onClick={() => set({ dialog: 'add' })} data-testid="add-device">{t('peers.add')}</Button>}>{t('peers.emptyText')}</EmptyState>
          : <Devices all={all} />}
      </QueryState>
      {adding && <AddDeviceDialog onClose={close} />}
      {open && dialog && <PeerDialogs peer={open} name={dialog} onClose={close} />}
    </div>
  )
}

function Devices({ all }: { all: Peer[] }) {
  const { t } = useTranslation()
  const { filter, set, view, setView } = useDeviceParams()
  const { q, tag, owner, state } = filter
  const shown = useMemo(() => filterPeers(all, { q, tag, owner, state }), [all, q, tag, owner, state])
  // The same function at every render, or a thousand cards would be drawn again for nothing.
  const pick = useStable((id: string, name: PeerDialogName) => set({ dialog: name, device: id }))
  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        <PeerFilters all={all} filter={filter} set={set} />
        <span className="flex-1" />
        <div className="flex" role="group" aria-label={t('peers.view')}>
          <IconButton icon={LayoutGrid} label={t('peers.cards')} aria-pressed={view === 'cards'} className={view === 'cards' ? 'text-accent' : ''} onClick={() => setView('cards')} data-testid="peer-view-cards" />
          <IconButton icon={Table2} label={t('peers.table')} aria-pressed={view === 'table'} className={view === 'table' ? 'text-accent' : ''} onClick={() => setView('table')} data-testid="peer-view-table" />
        </div>
      </div>
      {shown.length === 0
        ? <EmptyState icon={Search} title={t('peers.noMatch')} action={<Button onClick={() => set({ q: '', tag: '', owner: '', state: '' })}>{t('peers.clear')}</Button>} />
        : view === 'table' ? <PeerTable peers={shown} onPick={pick} /> : <PeerGrid peers={shown} onPick={pick} />}
    </>
  )
}
