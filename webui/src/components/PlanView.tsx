import { Box, Database, Download, FileText, Globe, Image, Link2, LogOut, Network, type LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Plan } from '../api/types'
import { bytes, sentence } from '../lib/format'
import { Notice } from './Notice'
import { StatusBadge, type Tone } from './StatusBadge'

type Part = Plan['creates'][number]
const icons: Record<Part['kind'], LucideIcon> = { container: Box, volume: Database, route: Link2, dns: Globe, port: Network, exit: LogOut, image: Image, files: FileText }
const exposeTone: Record<Plan['exposes'][number]['expose'], Tone> = { vpn: 'ok', lan: 'info', public: 'attention' }

function Group({ title, children, testid }: { title: string; children: ReactNode; testid: string }) {
  return (
    <section aria-label={title} data-testid={testid}>
      <h3 className="mb-1 text-sm font-semibold">{title}</h3>
      <ul className="flex flex-col gap-1.5 text-sm">{children}</ul>
    </section>
  )
}

function Parts({ title, parts, testid }: { title: string; parts: Part[]; testid: string }) {
  const { t } = useTranslation()
  if (parts.length === 0) return null
  return (
    <Group title={title} testid={testid}>
      {parts.map((p) => {
        const Icon = icons[p.kind] ?? Box
        return (
          <li key={`${p.kind} ${p.name}`} className="flex items-start gap-2">
            <Icon size={16} className="mt-1 text-muted" aria-hidden />
            <span className="min-w-0"><span className="text-muted">{t(`plan.kind.${p.kind}`, { defaultValue: p.kind })}</span> <span className="font-medium break-all">{p.name}</span>{p.detail && <span className="block text-xs text-muted [overflow-wrap:anywhere]">{sentence(p.detail)}</span>}</span>
          </li>
        )
      })}
    </Group>
  )
}

/** What stands in the way, each with what mends it. */
function Conflicts({ conflicts }: { conflicts: Plan['conflicts'] }) {
  const { t } = useTranslation()
  return conflicts.map((c) => (
    <Notice key={`${c.kind} ${c.name}`} tone="problem" testid={`plan-conflict-${c.name}`} title={sentence(c.detail || t('plan.conflict', { name: c.name }))}>{c.fix && sentence(c.fix)}</Notice>
  ))
}

function Permissions({ plan }: { plan: Plan }) {
  const { t } = useTranslation()
  if (plan.permissions_added.length === 0) return null
  return (
    <Group title={t(plan.action === 'install' ? 'plan.may' : 'plan.mayAlso')} testid="plan-permissions">
      {plan.permissions_added.map((p) => <li key={p.words}><span className="font-medium">{sentence(p.words)}</span>{p.why && <span className="block text-xs text-muted">{sentence(p.why)}</span>}</li>)}
    </Group>
  )
}

/** What an installation, an update or other options would change; nothing has been done yet. */
export function PlanView({ plan }: { plan: Plan }) {
  const { t } = useTranslation()
  const nothing = plan.creates.length + plan.changes.length + plan.removes.length + plan.exposes.length === 0
  return (
    <div className="flex flex-col gap-5" data-testid="plan">
      <Conflicts conflicts={plan.conflicts} />
      {plan.warnings.map((w) => <Notice key={w} tone="attention" title={sentence(w)} />)}
      {nothing && <p className="text-sm">{t('plan.nothing')}</p>}
      {plan.addresses.length > 0 && <Group title={t('plan.at')} testid="plan-addresses">{plan.addresses.map((a) => <li key={a} className="font-medium break-all">{a}</li>)}</Group>}
      {plan.exposes.length > 0 && (
        <Group title={t('plan.opens')} testid="plan-exposes">
          {plan.exposes.map((e) => (
            <li key={`${e.port}${e.protocol}`} className="flex flex-wrap items-center gap-x-2 gap-y-1">
              <StatusBadge tone={exposeTone[e.expose]}>{t(`plan.expose.${e.expose}`)}</StatusBadge><span className="min-w-0">{sentence(e.words)}</span><span className="text-xs text-muted">{e.port}/{e.protocol}</span>
            </li>
          ))}
        </Group>
      )}
      <Parts title={t('plan.creates')} parts={plan.creates} testid="plan-creates" />
      <Parts title={t('plan.changes')} parts={plan.changes} testid="plan-changes" />
      <Parts title={t('plan.removes')} parts={plan.removes} testid="plan-removes" />
      <Permissions plan={plan} />
      {plan.download_bytes > 0 && <p className="flex items-center gap-2 text-sm"><Download size={16} className="text-muted" aria-hidden />{t('plan.downloads', { size: bytes(plan.download_bytes) })}</p>}
    </div>
  )
}
