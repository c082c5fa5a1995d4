import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Plug } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import { api } from '../../api/client'
import { keys } from '../../api/keys'
import type { Body, Page, Plugin } from '../../api/types'
import { Button } from '../../components/Button'
import { EmptyState, Section } from '../../components/layout'
import { QueryState } from '../../components/QueryState'
import { StatusBadge, type Tone } from '../../components/StatusBadge'
import { Switch } from '../../components/Switch'
import { Table } from '../../components/Table'
import { Ago } from '../../components/Time'
import { toast, toastError } from '../../components/Toast'
import { bytes, sentence } from '../../lib/format'

const tones: Record<Plugin['state'], Tone> = { ok: 'ok', failing: 'attention', quarantined: 'problem', stopped: 'neutral' }

const hasCode = (p: Plugin) => p.mode !== 'declarative'

/** The code that services bring: how it is held, and what went wrong with it. */
export function PluginsTab() {
  const { t } = useTranslation()
  const plugins = useQuery({ queryKey: keys.plugins, refetchInterval: 30_000, queryFn: async () => (await api.get<Page<Plugin>>('/api/plugins')).items.filter(hasCode) })
  return (
    <Section title={t('settings.plugins')} lead={t('plugin.lead')}>
      <QueryState query={plugins}>
        {(rows) => rows.length === 0 ? <EmptyState icon={Plug} title={t('plugin.empty')}>{t('plugin.emptyText')}</EmptyState> : (
          <Table label={t('settings.plugins')} rows={rows} rowKey={(p) => p.id} testid="plugins-table" columns={[
            { key: 'id', label: t('plugin.name'), sort: (p) => p.id, cell: (p) => <span><Link to={`/services/${encodeURIComponent(p.id)}`} className="font-medium break-all hover:underline">{p.id}</Link><span className="block text-xs text-muted">{t('plugin.versions', { version: p.version, abi: p.abi })}</span></span> },
            { key: 'state', label: t('common.state'), sort: (p) => p.state, cell: (p) => <State plugin={p} /> },
            { key: 'failures', label: t('plugin.failures'), sort: (p) => p.failures, cell: (p) => <Failures plugin={p} /> },
            { key: 'memory', label: t('home.memory'), className: 'whitespace-nowrap', cell: (p) => (p.memory_bytes === undefined ? '—' : bytes(p.memory_bytes)) },
            { key: 'isolated', label: t('plugin.isolated'), cell: (p) => <Isolation plugin={p} /> },
          ]} />
        )}
      </QueryState>
    </Section>
  )
}

function useRenewed<T>(act: (input: T) => Promise<unknown>, words: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: act,
    onSuccess: async () => {
      await Promise.all([keys.plugins, keys.services].map((queryKey) => client.invalidateQueries({ queryKey })))
      toast(words)
    },
    onError: toastError,
  })
}
const path = (id: string) => `/api/plugins/${encodeURIComponent(id)}`

function State({ plugin: p }: { plugin: Plugin }) {
  const { t } = useTranslation()
  const release = useRenewed(() => api.post(`${path(p.id)}/release`), t('plugin.released'))
  return (
    <span className="flex flex-wrap items-center gap-2">
      <StatusBadge tone={tones[p.state]} testid={`plugin-state-${p.id}`}>{t(`plugin.state.${p.state}`)}</StatusBadge>
      {p.quarantined_since && <span className="text-xs text-muted"><Ago at={p.quarantined_since} /></span>}
      {p.state === 'quarantined' && <Button busy={release.isPending} onClick={() => release.mutate(undefined)} data-testid={`plugin-release-${p.id}`}>{t('plugin.release')}</Button>}
    </span>
  )
}

function Failures({ plugin: p }: { plugin: Plugin }) {
  const { t } = useTranslation()
  if (!p.last_failure) return <>{p.failures === 0 ? t('home.none') : p.failures}</>
  return (
    <details className="text-sm">
      <summary className="cursor-pointer">{t('plugin.failed', { count: p.failures })}</summary>
      <span className="block text-xs">{sentence(p.last_failure.message)}</span>
      <span className="block text-xs text-muted"><code className="font-mono">{p.last_failure.call}</code>, <Ago at={p.last_failure.at} /></span>
    </details>
  )
}

/** A program of its own is slower to ask and can't take the cell down with it. */
function Isolation({ plugin: p }: { plugin: Plugin }) {
  const { t } = useTranslation()
  const isolated = p.mode === 'isolated'
  const choose = useRenewed((on: boolean) => api.patch(path(p.id), { isolated: on } satisfies Body<'/api/plugins/{id}', 'patch'>), t('common.saved'))
  return (
    <span className="flex items-center gap-2">
      <Switch checked={choose.isPending ? (choose.variables ?? isolated) : isolated} disabled={choose.isPending} onChange={(on) => choose.mutate(on)} label={t('plugin.isolate', { id: p.id })} testid={`plugin-isolated-${p.id}`} />
      <span className="text-xs text-muted">{t(`plugin.mode.${p.mode}`, { defaultValue: p.mode })}</span>
    </span>
  )
}
