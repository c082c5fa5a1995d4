import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Globe, Pencil, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router-dom'
import { api, getAll } from '../../api/client'
import { keys } from '../../api/keys'
import type { DnsRecord } from '../../api/types'
import { Button, IconButton } from '../../components/Button'
import { ConfirmDialog } from '../../components/ConfirmDialog'
import { EmptyState, Section } from '../../components/layout'
import { QueryState } from '../../components/QueryState'
import { Chip } from '../../components/StatusBadge'
import { Table } from '../../components/Table'
import { toast } from '../../components/Toast'
import { RecordDialog } from './RecordDialog'

export function RecordsTab({ zone }: { zone: string }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const records = useQuery({ queryKey: keys.records, queryFn: () => getAll<DnsRecord>('/api/network/dns/records') })
  const [params, setParams] = useSearchParams()
  const adding = params.get('dialog') === 'add'
  const [edit, setEdit] = useState<DnsRecord>()
  const [remove, setRemove] = useState<DnsRecord>()
  const add = <Button variant="primary" icon={Plus} onClick={() => setParams({ dialog: 'add' }, { replace: true })} data-testid="dns-add">{t('dns.add')}</Button>
  return (
    <Section title={t('dns.records')} lead={t('dns.recordsLead')} actions={add}>
      <QueryState query={records}>
        {(rows) => rows.length === 0 ? <EmptyState icon={Globe} title={t('dns.empty')}>{t('dns.emptyText')}</EmptyState> : (
          <Table label={t('dns.records')} rows={rows} rowKey={(r) => r.id} testid="dns-table" columns={[
            { key: 'name', label: t('dns.name'), sort: (r) => r.name, cell: (r) => <span className="font-mono text-xs break-all" data-testid={`dns-record-${r.name}`}>{r.name}</span> },
            { key: 'type', label: t('dns.type'), sort: (r) => r.type, cell: (r) => <Chip>{r.type}</Chip> },
            { key: 'value', label: t('dns.value'), cell: (r) => <span><span className="font-mono text-xs break-all">{r.value}</span>{r.comment && <span className="block text-xs text-muted">{r.comment}</span>}</span> },
            { key: 'ttl', label: t('dns.ttl'), cell: (r) => <span className="whitespace-nowrap">{r.ttl} s</span> },
            {
              key: 'act', label: t('common.actions'), hideLabel: true, className: 'md:text-right md:whitespace-nowrap', cell: (r) => (
                <>
                  <IconButton icon={Pencil} label={t('dns.edit', { name: r.name })} onClick={() => setEdit(r)} data-testid={`dns-edit-${r.name}`} />
                  <IconButton icon={Trash2} label={t('dns.delete', { name: r.name })} onClick={() => setRemove(r)} data-testid={`dns-delete-${r.name}`} />
                </>
              ),
            },
          ]} />
        )}
      </QueryState>
      {adding && <RecordDialog record={undefined} zone={zone} onClose={() => setParams({}, { replace: true })} />}
      {edit && <RecordDialog record={edit} zone={zone} onClose={() => setEdit(undefined)} />}
      {remove && (
        <ConfirmDialog title={t('dns.deleteTitle', { name: remove.name })} act={t('dns.deleteAct')} onClose={() => setRemove(undefined)} onConfirm={async () => {
          await api.delete(`/api/network/dns/records/${encodeURIComponent(remove.id)}`)
          await client.invalidateQueries({ queryKey: keys.records })
          toast(t('dns.deleted'))
        }}>{t('dns.deleteText')}</ConfirmDialog>
      )}
    </Section>
  )
}
