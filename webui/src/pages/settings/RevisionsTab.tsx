import { useQuery, useQueryClient } from '@tanstack/react-query'
import { History } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import { keys } from '../../api/keys'
import type { Begun, Page, Revision } from '../../api/types'
import { Button } from '../../components/Button'
import { ConfirmDialog } from '../../components/ConfirmDialog'
import { EmptyState, Section } from '../../components/layout'
import { QueryState } from '../../components/QueryState'
import { StatusBadge } from '../../components/StatusBadge'
import { Table } from '../../components/Table'
import { Ago } from '../../components/Time'
import { bytes } from '../../lib/format'
import { startedHere } from '../../lib/jobs'

/** Every change of the configuration, each of which can be gone back to. */
export function RevisionsTab() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const revisions = useQuery({ queryKey: keys.revisions, queryFn: async () => (await api.get<Page<Revision>>('/api/config/revisions')).items })
  const [restore, setRestore] = useState<Revision>()
  const newest = Math.max(0, ...(revisions.data ?? []).map((r) => r.revision))
  return (
    <Section title={t('settings.history')} lead={t('revisions.lead')}>
      <QueryState query={revisions}>
        {(rows) => rows.length === 0 ? <EmptyState icon={History} title={t('revisions.empty')} /> : (
          <Table label={t('settings.history')} rows={rows} rowKey={(r) => String(r.revision)} testid="revisions-table" columns={[
            { key: 'n', label: t('revisions.number'), cell: (r) => r.revision },
            { key: 'what', label: t('revisions.what'), cell: (r) => r.summary },
            { key: 'who', label: t('revisions.who'), cell: (r) => r.actor || '—' },
            { key: 'when', label: t('logs.time'), className: 'whitespace-nowrap', cell: (r) => <Ago at={r.t} /> },
            { key: 'size', label: t('revisions.size'), className: 'whitespace-nowrap', cell: (r) => bytes(r.size) },
            { key: 'act', label: t('common.actions'), hideLabel: true, className: 'md:text-right', cell: (r) => r.revision === newest ? <StatusBadge tone="ok">{t('revisions.current')}</StatusBadge> : <Button onClick={() => setRestore(r)} data-testid={`revision-restore-${r.revision}`}>{t('revisions.restore')}</Button> },
          ]} />
        )}
      </QueryState>
      {restore && (
        <ConfirmDialog title={t('revisions.title', { number: restore.revision })} act={t('revisions.restore')} danger={false} onClose={() => setRestore(undefined)} onConfirm={async () => {
          const answer = await api.post<Begun>(`/api/config/revisions/${restore.revision}/restore`)
          startedHere.add(answer.job_id)
          await client.invalidateQueries()
        }}>{t('revisions.text')}</ConfirmDialog>
      )}
    </Section>
  )
}
