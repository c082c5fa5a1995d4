import { Boxes } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router-dom'
import { useContainers, useContainerStats } from '../../api/queries'
import type { Container } from '../../api/types'
import { EmptyState, Page, Section } from '../../components/layout'
import { QueryState } from '../../components/QueryState'
import { Chip, StatusBadge } from '../../components/StatusBadge'
import { Table } from '../../components/Table'
import { bytes, percent } from '../../lib/format'
import { serviceTone } from '../../lib/state'
import { ContainerMenu } from './ContainerMenu'
import { ContainerSheet } from './ContainerSheet'

export const containerState = (c: Container) => (c.state === 'running' && c.health ? c.health : c.state)

/** An image that lost its name to a newer one is known by its digest alone; the engine's own tools show twelve digits of it. */
const imageName = (image: string) => image.replace(/^(sha256:[0-9a-f]{12})[0-9a-f]+$/, '$1')

export function Component() {
  const { t } = useTranslation()
  const containers = useContainers()
  const [params, setParams] = useSearchParams()
  const open = (name: string) => setParams(name ? { logs: name } : {}, { replace: true })
  const sheet = containers.data?.find((c) => c.name === params.get('logs'))
  return (
    <Page title={t('nav.containers')} lead={containers.data && t('containers.summary', { count: containers.data.length, running: containers.data.filter((c) => c.state === 'running').length })}>
      <QueryState query={containers}>
        {(all) => {
          const own = all.filter((c) => !c.read_only)
          const other = all.filter((c) => c.read_only)
          if (all.length === 0) return <EmptyState icon={Boxes} title={t('containers.empty')} />
          return (
            <>
              <Section title={t('containers.own')}><List rows={own} onLogs={open} /></Section>
              {other.length > 0 && <Section title={t('containers.other')} lead={t('containers.otherLead')}><List rows={other} onLogs={open} /></Section>}
            </>
          )
        }}
      </QueryState>
      {sheet && <ContainerSheet container={sheet} onClose={() => open('')} />}
    </Page>
  )
}

function List({ rows, onLogs }: { rows: Container[]; onLogs: (name: string) => void }) {
  const { t } = useTranslation()
  const stats = useContainerStats()
  const of = (c: Container) => stats.data?.find((s) => s.name === c.name)
  return (
    <Table label={t('nav.containers')} rows={rows} rowKey={(c) => c.name} testid="container-table" columns={[
      {
        key: 'name', label: t('containers.name'), sort: (c) => c.name, cell: (c) => (
          <span>
            <button type="button" className="text-left font-medium hover:underline" onClick={() => onLogs(c.name)} data-testid={`container-${c.name}`}>{c.name}</button>
            {c.core && <span className="ml-2"><Chip>{t('containers.core')}</Chip></span>}
            <span className="block text-xs break-all text-muted">{imageName(c.image)}</span>
          </span>
        ),
      },
      { key: 'state', label: t('common.state'), sort: containerState, cell: (c) => <span><StatusBadge tone={serviceTone(containerState(c))} testid={`container-state-${c.name}`}>{t(`state.${containerState(c)}`, { defaultValue: containerState(c) })}</StatusBadge><span className="block text-xs text-muted">{c.status}</span></span> },
      { key: 'cpu', label: t('home.cpu'), className: 'whitespace-nowrap', sort: (c) => -(of(c)?.cpu_percent ?? -1), cell: (c) => { const s = of(c); return s ? percent(s.cpu_percent) : '—' } },
      { key: 'memory', label: t('home.memory'), className: 'whitespace-nowrap', sort: (c) => -(of(c)?.memory_bytes ?? -1), cell: (c) => { const s = of(c); return s ? bytes(s.memory_bytes) : '—' } },
      { key: 'ports', label: t('containers.ports'), cell: (c) => <span className="text-xs">{[...new Set(c.ports.filter((p) => p.host_port).map((p) => `${p.host_port}/${p.protocol}`))].join(', ') || '—'}</span> },
      { key: 'act', label: t('common.actions'), hideLabel: true, className: 'md:text-right', cell: (c) => <ContainerMenu container={c} onLogs={() => onLogs(c.name)} /> },
    ]} />
  )
}
