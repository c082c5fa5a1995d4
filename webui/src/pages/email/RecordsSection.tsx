import { Globe, RefreshCw } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Service } from '../../api/types'
import { Button } from '../../components/Button'
import { Copyable } from '../../components/Copyable'
import { EmptyState, Section } from '../../components/layout'
import { QueryState } from '../../components/QueryState'
import { StatusBadge } from '../../components/StatusBadge'
import { Table } from '../../components/Table'
import { serviceTone } from '../../lib/state'
import { usePanel } from '../services/queries'
import { readRecords, type MailRecord } from './answers'

/** What has to stand at the domain's provider, and whether the internet has it. */
export function RecordsSection({ service }: { service: Service }) {
  const { t } = useTranslation()
  const records = usePanel(service.id, '/dns', readRecords)
  const again = <Button icon={RefreshCw} busy={records.isFetching} onClick={() => void records.refetch()} data-testid="email-check">{t('email.checkAgain')}</Button>
  return (
    <Section title={t('email.records')} lead={t('email.recordsLead')} actions={again}>
      <QueryState query={records} skeleton={<div className="skeleton h-24" />}>
        {(rows) => rows.length === 0 ? <EmptyState icon={Globe} title={t('email.noRecords')} /> : (
          <Table label={t('email.records')} rows={rows} rowKey={(r) => `${r.type} ${r.name}`} testid="email-records" columns={[
            { key: 'name', label: t('email.recordName'), className: 'whitespace-nowrap', cell: (r) => <Copyable value={r.name} /> },
            { key: 'type', label: t('email.recordType'), cell: (r) => <span className="font-mono text-xs">{r.type}</span> },
            { key: 'value', label: t('email.recordValue'), cell: (r) => <Copyable value={r.value} testid={`email-value-${r.name}-${r.type}`} /> },
            { key: 'state', label: t('email.inInternet'), sort: (r) => r.state, cell: (r) => <State record={r} /> },
          ]} />
        )}
      </QueryState>
    </Section>
  )
}

function State({ record }: { record: MailRecord }) {
  const { t } = useTranslation()
  return (
    <span className="flex flex-col items-start gap-1">
      <StatusBadge tone={serviceTone(record.state)} testid={`email-state-${record.name}-${record.type}`}>{t(`email.state.${record.state}`)}</StatusBadge>
      {record.state === 'different' && <span className="text-xs text-muted [overflow-wrap:anywhere]">{t('email.found', { value: record.found })}</span>}
    </span>
  )
}
