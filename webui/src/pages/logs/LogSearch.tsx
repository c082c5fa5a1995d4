import { Download, RotateCw, ScrollText } from 'lucide-react'
import { useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router-dom'
import type { LogItem } from '../../api/types'
import { IconButton } from '../../components/Button'
import { ErrorState } from '../../components/ErrorState'
import { Checkbox, Segmented, Select } from '../../components/form'
import { SearchInput } from '../../components/SearchInput'
import { EmptyState, Skeleton } from '../../components/layout'
import { downloadText } from '../../lib/browser'
import { seconds } from '../../lib/time'
import { LogLineSheet } from './LogLineSheet'
import { LogList } from './LogList'
import { useFollow, useLogPages } from './useLogs'

const levels = ['', 'debug', 'info', 'warn', 'error'] as const
/** Seconds back from now. */
const spans = ['900', '3600', '86400', '604800'] as const

export function LogSearch() {
  const { t } = useTranslation()
  const [params, setParams] = useSearchParams()
  const [follow, setFollow] = useState(false)
  const [line, setLine] = useState<LogItem>()
  const level = levels.find((l) => l === params.get('level')) ?? ''
  const service = params.get('service') ?? ''
  const q = params.get('q') ?? ''
  const span = spans.find((s) => s === params.get('span')) ?? ''
  // The beginning stays where it was when the span was chosen; only then does paging stay in order.
  const filter = useMemo(() => ({ service, level, q, since: span && seconds(Date.now() - Number(span) * 1000) }), [service, level, q, span])
  const set = (key: string, value: string) => setParams((old) => {
    const next = new URLSearchParams(old)
    if (value) next.set(key, value)
    else next.delete(key)
    return next
  }, { replace: true })
  const logs = useLogPages(filter)
  const { fresh, lost } = useFollow(filter, follow)
  const { refetch } = logs
  useEffect(() => {
    if (!follow || !lost) return
    const timer = setInterval(() => void refetch(), 2000)
    return () => clearInterval(timer)
  }, [follow, lost, refetch])
  const items = useMemo(() => [...fresh, ...(logs.data?.pages.flatMap((p) => p.items) ?? [])], [fresh, logs.data])
  const services = logs.data?.pages[0]?.services ?? []
  const save = () => downloadText('cell-logs.jsonl', items.map((i) => JSON.stringify(i)).join('\n'), 'application/jsonl')
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-2">
        <SearchInput value={q} onChange={(text) => set('q', text)} label={t('logs.placeholder')} testid="log-search" className="max-sm:basis-full sm:max-w-72" />
        <Select value={service} onChange={(e) => set('service', e.target.value)} aria-label={t('logs.service')} className="!w-auto" data-testid="log-service">
          <option value="">{t('logs.allServices')}</option>
          {services.map((s) => <option key={s}>{s}</option>)}
        </Select>
        <Select value={span} onChange={(e) => set('span', e.target.value)} aria-label={t('logs.time')} className="!w-auto" data-testid="log-span">
          <option value="">{t('logs.anyTime')}</option>
          {spans.map((s) => <option key={s} value={s}>{t(`logs.span.${s}`)}</option>)}
        </Select>
        <Segmented label={t('logs.level')} value={level} onChange={(v) => set('level', v)} options={levels.map((value) => ({ value, label: t(`level.${value || 'all'}`) }))} testid="log-level" />
        <span className="flex-1" />
        <Checkbox label={t('logs.follow')} checked={follow} onChange={(e) => setFollow(e.target.checked)} data-testid="log-follow" />
        <IconButton icon={RotateCw} label={t('logs.refresh')} busy={logs.isFetching && !logs.isFetchingNextPage} onClick={() => void refetch()} />
        <IconButton icon={Download} label={t('logs.download')} disabled={items.length === 0} onClick={save} />
      </div>
      {logs.isPending ? <Skeleton rows={10} height="h-7" />
        : logs.isError && items.length === 0 ? <ErrorState error={logs.error} onRetry={() => void refetch()} />
          : items.length === 0 ? <EmptyState icon={ScrollText} title={t('logs.empty')}>{t('logs.emptyText')}</EmptyState>
            : <LogList items={items} onOpen={setLine} onEnd={() => { if (logs.hasNextPage && !logs.isFetchingNextPage) void logs.fetchNextPage() }} />}
      {line && <LogLineSheet line={line} onClose={() => setLine(undefined)} onSearch={(text) => { set('q', text); setLine(undefined) }} />}
    </div>
  )
}
