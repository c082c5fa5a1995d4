import { ArrowLeft, EllipsisVertical } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link, useParams, useSearchParams } from 'react-router-dom'
import { keys } from '../../api/keys'
import { useExits, usePeer } from '../../api/queries'
import type { Peer } from '../../api/types'
import { IconButton } from '../../components/Button'
import { Copyable } from '../../components/Copyable'
import { ErrorState } from '../../components/ErrorState'
import { Card, Facts, Page, Section, Skeleton, Stat } from '../../components/layout'
import { Menu } from '../../components/Menu'
import { Chip, StatusBadge } from '../../components/StatusBadge'
import { Ago } from '../../components/Time'
import { TrafficChart } from '../../components/TrafficChart'
import { bytes, day, exact, rate } from '../../lib/format'
import { PeerActions, peerDialogs } from './PeerActions'
import { PeerSwitch } from './PeerCard'
import { PeerDialogs } from './PeerDialogs'
import { policyNames } from './PolicyFields'
import { peerTone } from './state'

export function Component() {
  const { t } = useTranslation()
  const id = useParams().id ?? ''
  const peer = usePeer(id)
  const [params, setParams] = useSearchParams()
  const dialog = peerDialogs.find((d) => d === params.get('dialog'))
  const open = (name: string) => setParams(name ? { dialog: name } : {}, { replace: true })
  const back = <Link to="/peers" className="link inline-flex items-center gap-1 text-sm"><ArrowLeft size={14} aria-hidden />{t('nav.peers')}</Link>
  if (!peer.data) return <Page title={t('nav.peers')} lead={back}>{peer.isError ? <ErrorState error={peer.error} onRetry={() => void peer.refetch()} /> : <Skeleton />}</Page>
  const p = peer.data
  return (
    <Page title={p.name} lead={back} actions={
      <div className="flex items-center gap-2">
        <StatusBadge tone={peerTone[p.live.state]} testid="peer-state">{t(`peer.${p.live.state}`)}</StatusBadge>
        <PeerSwitch peer={p} />
        <Menu trigger={<IconButton icon={EllipsisVertical} label={t('peers.menu', { name: p.name })} data-testid="peer-menu" />}><PeerActions onPick={open} /></Menu>
      </div>
    }>
      <Card className="grid grid-cols-2 gap-4 md:grid-cols-4">
        <Stat label={t('peers.down')} value={rate(p.live.tx_rate)} hint={t('peers.totalOf', { total: bytes(p.live.tx_bytes) })} />
        <Stat label={t('peers.up')} value={rate(p.live.rx_rate)} hint={t('peers.totalOf', { total: bytes(p.live.rx_bytes) })} />
        <Stat label={t('peer.handshake')} value={p.live.last_handshake_at ? <Ago at={p.live.last_handshake_at} /> : '—'} testid="peer-handshake" />
        <Stat label={t('peer.endpoint')} value={<span className="text-sm break-all">{p.live.endpoint || '—'}</span>} />
      </Card>
      <TrafficChart path={`/api/peers/${encodeURIComponent(id)}/traffic`} queryKey={(range) => keys.peerTraffic(id, range)} />
      <Details peer={p} />
      {dialog && <PeerDialogs peer={p} name={dialog} onClose={() => open('')} />}
    </Page>
  )
}

function Details({ peer: p }: { peer: Peer }) {
  const { t } = useTranslation()
  const exits = useExits(p.exit !== null)
  const exit = exits.data?.find((e) => e.id === p.exit)
  const way = exit ? (exit.state === 'up' ? exit.name : t('exit.named', { name: exit.name, state: t(`exit.state.${exit.state}`) })) : p.exit
  const reach = policyNames.filter((n) => p.policy[n])
  return (
    <Section title={t('peer.details')}>
      <Card>
        <Facts items={[
          { label: t('add.owner'), value: p.owner_name ?? t('peers.nobody') },
          { label: t('policy.title'), value: reach.length ? reach.map((n) => t(`policy.${n}`)).join(', ') : t('policy.nothing') },
          ...(way ? [{ label: t('exit.title'), value: <span data-testid="peer-way">{exits.isSuccess && !exit ? t('exit.gone', { name: way }) : way}</span> }] : []),
          { label: t('peer.dnsName'), value: <Copyable value={p.dns_name} testid="peer-dns-name" /> },
          { label: t('peer.addresses'), value: <span className="flex flex-col">{p.addresses.map((a) => <Copyable key={a} value={a} />)}</span> },
          { label: t('peer.publicKey'), value: <Copyable value={p.public_key} /> },
          { label: t('peer.key'), value: `${t(p.key_origin === 'browser' ? 'add.keyBrowser' : 'add.keyServer')}${p.has_preshared_key ? ` · ${t('peer.psk')}` : ''}` },
          { label: t('add.tags'), value: p.tags.length ? <span className="flex flex-wrap gap-1">{p.tags.map((x) => <Chip key={x}>{x}</Chip>)}</span> : '—' },
          { label: t('add.expires'), value: p.expires_at ? day(p.expires_at) : t('peer.noExpiry') },
          { label: t('peer.created'), value: exact(p.created_at) },
        ]} />
      </Card>
    </Section>
  )
}
