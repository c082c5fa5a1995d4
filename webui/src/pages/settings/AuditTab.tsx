import { useInfiniteQuery } from '@tanstack/react-query'
import { FileClock } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import { keys } from '../../api/keys'
import { usePeers, usePeople, useServices } from '../../api/queries'
import type { AuditEntry, Page } from '../../api/types'
import { Button } from '../../components/Button'
import { ErrorState } from '../../components/ErrorState'
import { EmptyState, Section, Skeleton } from '../../components/layout'
import { StatusBadge } from '../../components/StatusBadge'
import { Table } from '../../components/Table'
import { Ago } from '../../components/Time'
import { downloadText } from '../../lib/browser'
import { actKey, targetOf, type Names } from './audit'

const pageSize = 50

/** Who did what, newest first. Entries can't be changed or removed. */
export function AuditTab() {
  const { t } = useTranslation()
  const audit = useInfiniteQuery({
    queryKey: keys.audit, initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => api.get<Page<AuditEntry>>('/api/audit', { query: { limit: pageSize, cursor: pageParam }, signal }),
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  })
  const names = useNames()
  const rows = audit.data?.pages.flatMap((p) => p.items) ?? []
  const save = () => downloadText('cell-audit.jsonl', rows.map((r) => JSON.stringify(r)).join('\n'), 'application/jsonl')
  return (
    <Section title={t('settings.audit')} lead={t('audit.lead')} actions={rows.length > 0 && <Button onClick={save}>{t('logs.download')}</Button>}>
      {audit.isPending ? <Skeleton rows={6} height="h-10" />
        : audit.isError && rows.length === 0 ? <ErrorState error={audit.error} onRetry={() => void audit.refetch()} />
          : rows.length === 0 ? <EmptyState icon={FileClock} title={t('audit.empty')} />
            : (
              <>
                <Table label={t('settings.audit')} rows={rows} rowKey={(r) => r.id} testid="audit-table" columns={[
                  { key: 'when', label: t('logs.time'), className: 'whitespace-nowrap', cell: (r) => <Ago at={r.t} /> },
                  { key: 'who', label: t('audit.who'), cell: (r) => r.actor || '—' },
                  { key: 'what', label: t('audit.what'), cell: (r) => <Act entry={r} /> },
                  { key: 'target', label: t('audit.target'), cell: (r) => <span className="break-all" title={r.target}>{targetOf(r, names) || '—'}</span> },
                  { key: 'result', label: t('audit.result'), cell: (r) => <Outcome result={r.result} /> },
                  { key: 'from', label: t('audit.from'), cell: (r) => <span className="font-mono text-xs break-all">{r.address || '—'}</span> },
                ]} />
                {audit.hasNextPage && <div><Button busy={audit.isFetchingNextPage} onClick={() => void audit.fetchNextPage()} data-testid="audit-more">{t('audit.more')}</Button></div>}
              </>
            )}
    </Section>
  )
}

/** Routes speak of devices, people and services by their id; those that are still there have a name. */
function useNames(): Names {
  const [peers, people, services] = [usePeers().data, usePeople().data, useServices().data]
  return useMemo(() => new Map([...(peers ?? []), ...(people ?? []), ...(services ?? [])].map((x) => [x.id, x.name])), [peers, people, services])
}

/** Plain words; the route itself on hover, and in place of them where it has none yet. */
function Act({ entry }: { entry: AuditEntry }) {
  const { t, i18n } = useTranslation()
  if (!i18n.exists(`audit.act.${actKey(entry.action)}`)) return <code className="font-mono text-xs break-all">{entry.action}</code>
  return <span title={`${entry.action} · ${entry.target}`}>{t(`audit.act.${actKey(entry.action)}`)}</span>
}

function Outcome({ result }: { result: string }) {
  const { t } = useTranslation()
  if (result === 'ok') return <StatusBadge tone="ok">{t('check.ok')}</StatusBadge>
  const isRefused = result.startsWith('refused')
  return <StatusBadge tone="attention" title={result}>{isRefused ? t('audit.refused') : result === 'wrong password' ? t('audit.wrongPassword') : result}</StatusBadge>
}
