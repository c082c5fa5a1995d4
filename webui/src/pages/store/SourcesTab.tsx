import { useQuery, useQueryClient } from '@tanstack/react-query'
import { PackageOpen, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router-dom'
import { api } from '../../api/client'
import { keys } from '../../api/keys'
import type { Page, StoreSource } from '../../api/types'
import { Button, IconButton } from '../../components/Button'
import { ConfirmDialog } from '../../components/ConfirmDialog'
import { EmptyState, Section } from '../../components/layout'
import { QueryState } from '../../components/QueryState'
import { StatusBadge, type Tone } from '../../components/StatusBadge'
import { Table } from '../../components/Table'
import { Ago } from '../../components/Time'
import { toast } from '../../components/Toast'
import { sentence } from '../../lib/format'
import { SourceDialog } from './SourceDialog'

const tones: Record<StoreSource['state'], Tone> = { ok: 'ok', expired: 'attention', unreachable: 'attention', refused: 'problem' }

/** Where packages come from. Each is signed with the key that was given when the source was added. */
export function SourcesTab() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [params, setParams] = useSearchParams()
  const [remove, setRemove] = useState<StoreSource>()
  const sources = useQuery({ queryKey: keys.sources, queryFn: async () => (await api.get<Page<StoreSource>>('/api/store/sources')).items })
  const add = <Button variant="primary" icon={Plus} onClick={() => setParams({ tab: 'sources', dialog: 'source' })} data-testid="source-add">{t('source.add')}</Button>
  return (
    <Section title={t('store.sources')} lead={t('source.lead')} actions={add}>
      <QueryState query={sources}>
        {(rows) => rows.length === 0 ? <EmptyState icon={PackageOpen} title={t('source.empty')}>{t('source.emptyText')}</EmptyState> : (
          <Table label={t('store.sources')} rows={rows} rowKey={(s) => s.name} testid="sources-table" columns={[
            { key: 'name', label: t('login.name'), sort: (s) => s.name, cell: (s) => <span><span className="font-medium">{s.first_party ? t('store.firstParty') : s.name}</span><span className="block text-xs break-all text-muted">{s.location}</span></span> },
            { key: 'state', label: t('common.state'), cell: (s) => <span><StatusBadge tone={tones[s.state]} testid={`source-state-${s.name}`}>{t(`source.state.${s.state}`)}</StatusBadge>{s.problem && <span className="block text-xs text-muted">{sentence(s.problem)}</span>}</span> },
            { key: 'version', label: t('source.version'), cell: (s) => s.version || '—' },
            { key: 'expires', label: t('source.expires'), className: 'whitespace-nowrap', cell: (s) => s.expires ? <Ago at={s.expires} /> : '—' },
            { key: 'key', label: t('source.keyId'), cell: (s) => <code className="font-mono text-xs break-all">{s.key_id}</code> },
            { key: 'act', label: t('common.actions'), hideLabel: true, className: 'md:text-right', cell: (s) => !s.first_party && <IconButton icon={Trash2} label={t('source.remove', { name: s.name })} onClick={() => setRemove(s)} data-testid={`source-remove-${s.name}`} /> },
          ]} />
        )}
      </QueryState>
      {params.get('dialog') === 'source' && <SourceDialog onClose={() => setParams({ tab: 'sources' }, { replace: true })} />}
      {remove && (
        <ConfirmDialog title={t('source.remove', { name: remove.name })} act={t('source.removeAct')} onClose={() => setRemove(undefined)} onConfirm={async () => {
          await api.delete(`/api/store/sources/${encodeURIComponent(remove.name)}`)
          await client.invalidateQueries({ queryKey: keys.store })
          toast(t('source.removed', { name: remove.name }))
        }}>{t('source.removeText')}</ConfirmDialog>
      )}
    </Section>
  )
}
