import type { TFunction } from 'i18next'
import { EllipsisVertical } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import type { Peer } from '../../api/types'
import { IconButton } from '../../components/Button'
import { DataTable, type DataColumn } from '../../components/DataTable'
import { Menu } from '../../components/Menu'
import { bytes, rate } from '../../lib/format'
import { PeerActions, type PeerDialogName } from './PeerActions'
import { LastSeen, PeerSwitch } from './PeerCard'
import { dotColor } from './state'

const right = 'text-right whitespace-nowrap'
const seenAt = (p: Peer) => (p.live.last_handshake_at ? -Date.parse(p.live.last_handshake_at) : 0)

/** The same devices as rows: for many of them, and for comparing. */
export function PeerTable({ peers, onPick }: { peers: Peer[]; onPick: (id: string, name: PeerDialogName) => void }) {
  const { t } = useTranslation()
  const columns = useMemo(() => columnsOf(t, onPick), [t, onPick])
  return <DataTable label={t('peers.devices')} rows={peers} rowKey={(p) => p.id} first={{ key: 'name', down: false }} testid="peer-table" columns={columns} />
}

function columnsOf(t: TFunction, onPick: (id: string, name: PeerDialogName) => void): DataColumn<Peer>[] {
  return [
    {
      key: 'name', label: t('add.name'), className: 'max-w-40 min-w-0 md:max-w-56', sort: (p) => p.name, cell: (p) => (
        <span className="flex items-center gap-2.5"><span className={`size-3 flex-none rounded-full ${dotColor[p.live.state]}`} aria-hidden /><Link to={`/peers/${p.id}`} className="truncate font-medium hover:underline" data-testid={`peer-link-${p.name}`}>{p.name}</Link></span>
      ),
    },
    { key: 'owner', label: t('peers.owner'), wide: true, className: 'max-w-32 truncate', sort: (p) => p.owner_name ?? '', cell: (p) => p.owner_name ?? '—' },
    { key: 'seen', label: t('peers.state'), className: 'text-muted md:whitespace-nowrap max-md:text-xs', sort: seenAt, cell: (p) => <LastSeen peer={p} /> },
    { key: 'address', label: t('peer.addresses'), wide: true, className: 'font-mono text-xs', sort: (p) => p.addresses[0] ?? '', cell: (p) => p.addresses[0] },
    { key: 'down', label: t('home.in'), wide: true, className: right, sort: (p) => -p.live.tx_rate, cell: (p) => rate(p.live.tx_rate) },
    { key: 'up', label: t('home.out'), wide: true, className: right, sort: (p) => -p.live.rx_rate, cell: (p) => rate(p.live.rx_rate) },
    { key: 'total', label: t('peers.totalShort'), wide: true, className: right, sort: (p) => -(p.live.rx_bytes + p.live.tx_bytes), cell: (p) => bytes(p.live.rx_bytes + p.live.tx_bytes) },
    { key: 'on', label: t('peers.on'), wide: true, hideLabel: true, className: 'w-16', cell: (p) => <PeerSwitch peer={p} /> },
    {
      key: 'act', label: t('common.actions'), hideLabel: true, className: 'w-12', cell: (p) => (
        <Menu trigger={<IconButton icon={EllipsisVertical} label={t('peers.menu', { name: p.name })} data-testid={`peer-menu-${p.name}`} />}><PeerActions onPick={(name) => onPick(p.id, name)} /></Menu>
      ),
    },
  ]
}
