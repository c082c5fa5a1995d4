import { ArrowDown, ArrowUp, Boxes, Cloud, Clock, Globe, Lock, Smartphone, Waypoints, type LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import { useHealth } from '../../api/queries'
import type { Dashboard } from '../../api/types'
import { Section } from '../../components/layout'
import { rate } from '../../lib/format'

function Node({ to, icon: Icon, title, children, testid }: { to: string; icon: LucideIcon; title: string; children: ReactNode; testid?: string }) {
  return (
    <Link to={to} data-testid={testid} className="flex min-w-0 flex-1 items-center gap-3 rounded-lg border border-line bg-surface p-4 hover:border-strong">
      <Icon size={24} className="text-accent" aria-hidden />
      <span className="min-w-0"><span className="block text-xs text-muted">{title}</span><span className="block text-base font-semibold">{children}</span></span>
    </Link>
  )
}
const Line = () => <span aria-hidden className="mx-auto h-4 w-px flex-none bg-strong sm:mx-0 sm:h-px sm:w-6 sm:self-center" />

/** The cell as a small picture: internet → hub → devices, and what runs beside the hub. */
export function CellPicture({ data }: { data: Dashboard }) {
  const { t } = useTranslation()
  const health = useHealth()
  const state = (names: string[]) => health.data?.components.find((c) => names.includes(c.name))?.state ?? 'pending'
  const services: { to: string; icon: LucideIcon; label: string; names: string[] }[] = [
    { to: '/network', icon: Globe, label: t('home.names'), names: ['dns', 'coredns'] },
    { to: '/network?tab=time', icon: Clock, label: t('home.time'), names: ['ntp', 'chrony'] },
    { to: '/settings/trust', icon: Lock, label: 'HTTPS', names: ['caddy', 'proxy'] },
  ]
  const dot = { ok: 'bg-dot-ok', degraded: 'bg-dot-attention', down: 'bg-dot-problem', pending: 'border-2 border-strong' }
  return (
    <Section title={t('home.picture')}>
      <div className="flex flex-col items-stretch sm:flex-row">
        <Node to="/wireguard" icon={Cloud} title={t('home.internet')}>
          <span className="flex flex-wrap gap-x-3 text-sm">
            <span className="inline-flex items-center gap-1"><ArrowDown size={14} aria-hidden /><span className="sr-only">{t('home.in')}</span>{rate(data.stats.rx_rate)}</span>
            <span className="inline-flex items-center gap-1"><ArrowUp size={14} aria-hidden /><span className="sr-only">{t('home.out')}</span>{rate(data.stats.tx_rate)}</span>
          </span>
        </Node>
        <Line />
        <Node to="/wireguard" icon={Waypoints} title={t('home.hub')} testid="home-hub">{data.cell.name}</Node>
        <Line />
        <Node to="/peers" icon={Smartphone} title={t('home.devices')} testid="home-devices">{t('home.online', { online: data.peers.online, total: data.peers.total })}</Node>
      </div>
      <div className="flex flex-wrap gap-2">
        {services.map((s) => (
          <Link key={s.label} to={s.to} className="inline-flex min-h-9 items-center gap-2 rounded-full border border-line bg-surface px-3 text-sm hover:border-strong">
            <span className={`size-2.5 rounded-full ${dot[state(s.names)]}`} aria-hidden /><s.icon size={15} aria-hidden />{s.label}
            <span className="sr-only">{t(`component.${state(s.names)}`)}</span>
          </Link>
        ))}
        <Link to="/containers" className="inline-flex min-h-9 items-center gap-2 rounded-full border border-line bg-surface px-3 text-sm hover:border-strong">
          <Boxes size={15} aria-hidden />{t('home.containers', { running: data.containers.running, total: data.containers.total })}
        </Link>
      </div>
    </Section>
  )
}
