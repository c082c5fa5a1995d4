import { ArrowDown, ArrowUp, EllipsisVertical } from 'lucide-react'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import { usePeerSeries } from '../../api/live'
import { usePatchPeer } from '../../api/queries'
import type { Peer } from '../../api/types'
import { IconButton } from '../../components/Button'
import { Menu } from '../../components/Menu'
import { Sparkline } from '../../components/Sparkline'
import { Chip } from '../../components/StatusBadge'
import { Switch } from '../../components/Switch'
import { toastError } from '../../components/Toast'
import { useNow } from '../../lib/browser'
import { bytes, exact, rate, relative } from '../../lib/format'
import { PeerActions, type PeerDialogName } from './PeerActions'
import { dotColor } from './state'

export function PeerSwitch({ peer }: { peer: Peer }) {
  const { t } = useTranslation()
  const patch = usePatchPeer(peer.id)
  return (
    <Switch checked={peer.enabled} testid={`peer-switch-${peer.name}`} label={t(peer.enabled ? 'peers.turnOff' : 'peers.turnOn', { name: peer.name })}
      onChange={(enabled) => patch.mutate({ enabled }, { onError: toastError })} />
  )
}

export function LastSeen({ peer }: { peer: Peer }) {
  const { t } = useTranslation()
  const now = useNow()
  const at = peer.live.last_handshake_at
  if (peer.live.state === 'disabled' || peer.live.state === 'expired') return <>{t(`peer.${peer.live.state}`)}</>
  if (!at) return <>{t('peer.never')}</>
  const text = peer.live.state === 'online' ? t('peer.online') : t('peers.seen', { ago: relative(at, now) })
  return <time dateTime={at} title={exact(at)}>{text}</time>
}

/** Moves on its own, so that the card around it is drawn again only when its device changed. */
function RecentRate({ id }: { id: string }) {
  return <Sparkline samples={usePeerSeries(id)} now={useNow(2000)} />
}

export const PeerCard = memo(function PeerCard({ peer, onPick }: { peer: Peer; onPick: (id: string, name: PeerDialogName) => void }) {
  const { t } = useTranslation()
  const { live } = peer
  return (
    <div role="listitem" aria-label={peer.name} className="flex flex-col gap-2 rounded-lg border border-line bg-surface p-4" data-testid={`peer-card-${peer.name}`} data-state={live.state}>
      <div className="flex items-start gap-2.5">
        <span className={`mt-1.5 size-3 flex-none rounded-full ${dotColor[live.state]}`} aria-hidden />
        <div className="min-w-0 flex-1">
          <Link to={`/peers/${peer.id}`} className="block truncate text-base font-semibold hover:underline" data-testid={`peer-link-${peer.name}`}>{peer.name}</Link>
          <p className="truncate text-xs text-muted"><LastSeen peer={peer} />{peer.owner_name ? ` · ${peer.owner_name}` : ''}</p>
        </div>
        <PeerSwitch peer={peer} />
        <Menu trigger={<IconButton icon={EllipsisVertical} label={t('peers.menu', { name: peer.name })} className="-mt-1.5 -mr-2" data-testid={`peer-menu-${peer.name}`} />}>
          <PeerActions onPick={(name) => onPick(peer.id, name)} />
        </Menu>
      </div>
      <div className={`flex h-7 items-center gap-3 text-sm ${live.state === 'online' ? '' : 'text-muted'}`}>
        <span className="flex items-center gap-1 whitespace-nowrap" title={t('peers.down')}><ArrowDown size={14} aria-hidden /><span className="sr-only">{t('peers.down')}</span>{rate(live.tx_rate)}</span>
        <span className="flex items-center gap-1 whitespace-nowrap" title={t('peers.up')}><ArrowUp size={14} aria-hidden /><span className="sr-only">{t('peers.up')}</span>{rate(live.rx_rate)}</span>
        <span className="min-w-12 flex-1">{live.state === 'online' && <RecentRate id={peer.id} />}</span>
      </div>
      <div className="flex h-6 items-center gap-1.5 overflow-hidden text-xs text-muted">
        <span className="font-mono">{peer.addresses[0]}</span>
        {peer.tags.slice(0, 2).map((tag) => <Chip key={tag}>{tag}</Chip>)}
        {peer.tags.length > 2 && <span title={peer.tags.slice(2).join(', ')}>+{peer.tags.length - 2}</span>}
        <span className="ml-auto whitespace-nowrap" title={t('peers.total')}>{bytes(live.rx_bytes + live.tx_bytes)}</span>
      </div>
    </div>
  )
})
