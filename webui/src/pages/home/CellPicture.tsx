import { ArrowDown, ArrowUp, Boxes, Clock, Cloud, Globe, Lock, Smartphone, type LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import { useContainers, useServices } from '../../api/queries'
import type { Container, Dashboard, ServiceState } from '../../api/types'
import { Section } from '../../components/layout'
import { Logo } from '../../components/Logo'
import { ServiceIcon } from '../../components/ServiceIcon'
import { rate } from '../../lib/format'

function Node({ to, picture, title, children, testid }: { to: string; picture: ReactNode; title: string; children: ReactNode; testid?: string }) {
  return (
    <Link to={to} data-testid={testid} className="group relative flex min-w-0 flex-1 flex-col items-center gap-1.5 rounded-md text-center">
      <span className="grid size-14 place-items-center rounded-full border border-strong bg-surface group-hover:bg-sunken">{picture}</span>
      <span className="max-w-full text-sm"><span className="block font-semibold">{title}</span><span className="block text-xs text-muted">{children}</span></span>
    </Link>
  )
}

type PartState = 'ok' | 'degraded' | 'down' | 'pending'

/** How a part of the cell is, by its container: they are called <instance>-dns and the like. */
export function partState(containers: Container[] | undefined, part: string): PartState {
  const c = containers?.find((x) => !x.read_only && x.name.endsWith(`-${part}`))
  if (!c) return 'pending'
  if (c.state !== 'running') return c.state === 'restarting' || c.state === 'created' ? 'pending' : 'down'
  return c.health === 'unhealthy' ? 'degraded' : c.health === 'starting' ? 'pending' : 'ok'
}

const serviceState: Record<ServiceState, PartState> = { running: 'ok', starting: 'pending', updating: 'pending', installing: 'pending', stopped: 'pending', failed: 'down', quarantined: 'down' }

const dot = { ok: 'bg-dot-ok', degraded: 'bg-dot-attention', down: 'bg-dot-problem', pending: 'border-2 border-strong' }
const pill = 'inline-flex min-h-9 items-center gap-2 rounded-full border border-line bg-surface px-3 text-sm hover:border-strong'

/** The cell as a small picture: internet → hub → devices, and what runs beside the hub. */
export function CellPicture({ data }: { data: Dashboard }) {
  const { t } = useTranslation()
  const containers = useContainers().data
  const installed = useServices().data ?? []
  const services: { to: string; icon: LucideIcon; label: string; state: PartState }[] = [
    { to: '/network', icon: Globe, label: t('home.names'), state: partState(containers, 'dns') },
    { to: '/network?tab=time', icon: Clock, label: t('home.time'), state: partState(containers, 'ntp') },
    { to: '/settings/trust', icon: Lock, label: 'HTTPS', state: partState(containers, 'caddy') },
  ]
  return (
    <Section title={t('home.picture')}>
      <div className="rounded-lg border border-line bg-surface px-2 py-5 sm:px-6">
        <div className="relative mx-auto flex max-w-3xl">
          <span aria-hidden className="absolute top-7 right-1/6 left-1/6 h-px bg-strong" />
          <Node to="/wireguard" picture={<Cloud size={24} className="text-accent" aria-hidden />} title={t('home.internet')}>
            <span className="inline-flex flex-wrap justify-center gap-x-3">
              <span className="inline-flex items-center gap-1 whitespace-nowrap"><ArrowDown size={13} aria-hidden /><span className="sr-only">{t('home.in')}</span>{rate(data.stats.rx_rate)}</span>
              <span className="inline-flex items-center gap-1 whitespace-nowrap"><ArrowUp size={13} aria-hidden /><span className="sr-only">{t('home.out')}</span>{rate(data.stats.tx_rate)}</span>
            </span>
          </Node>
          <Node to="/wireguard" picture={<Logo size={34} />} title={data.cell.name} testid="home-hub">{t('home.hub')}</Node>
          <Node to="/peers" picture={<Smartphone size={24} className="text-accent" aria-hidden />} title={t('home.devices')} testid="home-devices">{t('home.online', { online: data.peers.online, total: data.peers.total })}</Node>
        </div>
        <span aria-hidden className="mx-auto my-2 block h-4 w-px bg-strong" />
        <div className="flex flex-wrap justify-center gap-2">
          {services.map((s) => (
            <Link key={s.label} to={s.to} className={pill}>
              <span className={`size-2.5 rounded-full ${dot[s.state]}`} aria-hidden /><s.icon size={15} aria-hidden />{s.label}
              <span className={s.state === 'ok' ? 'sr-only' : 'text-xs text-muted'}>{t(`component.${s.state}`)}</span>
            </Link>
          ))}
          {installed.map((s) => (
            <Link key={s.id} to={`/services/${encodeURIComponent(s.id)}`} className={pill} data-testid={`home-service-${s.id}`}>
              <span className={`size-2.5 rounded-full ${dot[serviceState[s.state]]}`} aria-hidden /><ServiceIcon icon={s.icon} size={15} />{s.name}
              <span className={s.state === 'running' ? 'sr-only' : 'text-xs text-muted'}>{t(`service.state.${s.state}`)}</span>
            </Link>
          ))}
          <Link to="/containers" className={pill}><Boxes size={15} aria-hidden />{t('home.containers', { running: data.containers.running, total: data.containers.total })}</Link>
        </div>
      </div>
    </Section>
  )
}
