import type { UseQueryResult } from '@tanstack/react-query'
import { Globe } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Dns } from '../../api/types'
import { Button } from '../../components/Button'
import { Input } from '../../components/form'
import { EmptyState, Section } from '../../components/layout'
import { QueryState } from '../../components/QueryState'
import { Chip } from '../../components/StatusBadge'
import { Table } from '../../components/Table'

/** Names the cell gives out by itself: read only. */
export function GeneratedTab({ query }: { query: UseQueryResult<Dns> }) {
  const { t } = useTranslation()
  const [q, setQ] = useState('')
  const [shown, setShown] = useState(100)
  return (
    <Section title={t('dns.generated')} lead={t('dns.generatedLead')} actions={<Input type="search" value={q} onChange={(e) => setQ(e.target.value)} placeholder={t('dns.search')} aria-label={t('dns.search')} className="!w-56" />}>
      <QueryState query={query}>
        {(dns) => {
          const rows = dns.generated.filter((r) => `${r.name} ${r.value}`.toLowerCase().includes(q.toLowerCase()))
          if (rows.length === 0) return <EmptyState icon={Globe} title={t('dns.generatedNone')} />
          return (
            <>
              <Table label={t('dns.generated')} rows={rows.slice(0, shown)} rowKey={(r) => `${r.name}/${r.type}/${r.value}`} testid="dns-generated" columns={[
                { key: 'name', label: t('dns.name'), sort: (r) => r.name, cell: (r) => <span className="font-mono text-xs break-all">{r.name}</span> },
                { key: 'type', label: t('dns.type'), cell: (r) => <Chip>{r.type}</Chip> },
                { key: 'value', label: t('dns.value'), cell: (r) => <span className="font-mono text-xs break-all">{r.value}</span> },
                { key: 'source', label: t('dns.source'), sort: (r) => r.source, cell: (r) => t(`dns.source.${r.source}`, { defaultValue: r.source }) },
              ]} />
              {rows.length > shown && <Button onClick={() => setShown(shown + 500)}>{t('common.more', { count: rows.length - shown })}</Button>}
            </>
          )
        }}
      </QueryState>
    </Section>
  )
}
