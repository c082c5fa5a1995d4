import { Boxes } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import { useContainers } from '../../api/queries'
import type { Container, Service } from '../../api/types'
import { LinkButton } from '../../components/Button'
import { Card, EmptyState, Facts, Section } from '../../components/layout'
import { StatusBadge } from '../../components/StatusBadge'
import { Table } from '../../components/Table'
import { Ago } from '../../components/Time'
import { bytes } from '../../lib/format'
import { serviceTone } from '../../lib/state'

type Part = Service['containers'][number]
const health = (c: Part) => (c.state === 'running' && c.health ? c.health : c.state)

/** The engine's name of a container: <instance>-<service>-<name>. */
export const engineName = (all: readonly Container[] | undefined, service: string, name: string) =>
  all?.find((c) => c.name === name || c.name.endsWith(`-${service.replaceAll('.', '-')}-${name}`) || c.name.endsWith(`-${service}-${name}`))?.name ?? name

/** What runs for the service, and how it is held. */
export function SystemTab({ service: s }: { service: Service }) {
  const { t } = useTranslation()
  const containers = useContainers().data
  const plugin = s.kind === 'native' ? s.plugin : null
  return (
    <div className="flex flex-col gap-8">
      <Section title={t('nav.containers')}>
        {s.containers.length === 0 ? <EmptyState icon={Boxes} title={t('containers.empty')} /> : (
          <Table label={t('nav.containers')} rows={s.containers} rowKey={(c) => c.name} testid="service-containers" columns={[
            { key: 'name', label: t('containers.name'), sort: (c) => c.name, cell: (c) => <span><Link className="font-medium hover:underline" to={`/containers?logs=${encodeURIComponent(engineName(containers, s.id, c.name))}`} data-testid={`service-container-${c.name}`}>{c.name}</Link><span className="block text-xs break-all text-muted">{c.image}</span></span> },
            { key: 'state', label: t('common.state'), cell: (c) => <StatusBadge tone={serviceTone(health(c))}>{t(`state.${health(c)}`, { defaultValue: health(c) })}</StatusBadge> },
            { key: 'memory', label: t('home.memory'), className: 'whitespace-nowrap', sort: (c) => -(c.memory_bytes ?? -1), cell: (c) => (c.memory_bytes === undefined ? '—' : bytes(c.memory_bytes)) },
            { key: 'logs', label: t('containers.logs'), hideLabel: true, className: 'md:text-right', cell: (c) => <LinkButton to={`/containers?logs=${encodeURIComponent(engineName(containers, s.id, c.name))}`}>{t('jobs.log')}<span className="sr-only"> · {c.name}</span></LinkButton> },
          ]} />
        )}
      </Section>
      <Section title={t('store.details')}>
        <Card className="max-w-2xl">
          <Facts items={[
            { label: t('store.version'), value: s.version },
            { label: t('service.installedAt'), value: <Ago at={s.installed_at} /> },
            { label: t('store.kind'), value: t(`store.kind.${s.kind}`) },
            ...(plugin ? [
              { label: t('plugin.mode'), value: t(`plugin.mode.${s.mode}`, { defaultValue: s.mode }) },
              { label: t('plugin.failures'), value: plugin.failures === 0 ? t('home.none') : t('plugin.failed', { count: plugin.failures }) },
            ] : []),
            ...(plugin?.last_failure ? [{ label: t('plugin.lastFailure'), value: <span>{plugin.last_failure.message} <span className="text-muted">({plugin.last_failure.call}, <Ago at={plugin.last_failure.at} />)</span></span> }] : []),
          ]} />
        </Card>
      </Section>
    </div>
  )
}
