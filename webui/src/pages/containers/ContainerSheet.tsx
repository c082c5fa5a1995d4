import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import { keys } from '../../api/keys'
import { useContainerStats } from '../../api/queries'
import type { Container, ContainerLogLine, Page } from '../../api/types'
import { Sheet } from '../../components/Dialog'
import { Checkbox } from '../../components/form'
import { Facts } from '../../components/layout'
import { QueryState } from '../../components/QueryState'
import { Ago } from '../../components/Time'
import { bytes, exact, percent } from '../../lib/format'

/** What one container is, uses and says. */
export function ContainerSheet({ container: c, onClose }: { container: Container; onClose: () => void }) {
  const { t } = useTranslation()
  const stats = useContainerStats().data?.find((s) => s.name === c.name)
  return (
    <Sheet open wide onClose={onClose} title={c.name} description={c.image} testid="container-sheet">
      <div className="flex h-full flex-col gap-4">
        <Facts items={[
          { label: t('common.state'), value: c.status },
          { label: t('containers.addresses'), value: c.addresses.join(', ') || '—' },
          ...(c.started_at ? [{ label: t('containers.started'), value: <Ago at={c.started_at} /> }] : []),
          ...(stats ? [{ label: t('containers.uses'), value: t('containers.usage', { cpu: percent(stats.cpu_percent), memory: bytes(stats.memory_bytes), pids: stats.pids, rx: bytes(stats.rx_bytes), tx: bytes(stats.tx_bytes) }) }] : []),
        ]} />
        <Logs name={c.name} />
      </div>
    </Sheet>
  )
}

function Logs({ name }: { name: string }) {
  const { t } = useTranslation()
  const [follow, setFollow] = useState(true)
  const box = useRef<HTMLDivElement>(null)
  const logs = useQuery({
    queryKey: keys.containerLogs(name), refetchInterval: follow ? 3000 : false,
    queryFn: async () => (await api.get<Page<ContainerLogLine>>(`/api/containers/${encodeURIComponent(name)}/logs`, { query: { tail: 500 } })).items,
  })
  useEffect(() => { if (follow && box.current) box.current.scrollTop = box.current.scrollHeight }, [follow, logs.data])
  return (
    <section aria-label={t('containers.logs')} className="flex min-h-64 flex-1 flex-col gap-2">
      <div className="flex items-center"><h3 className="flex-1 text-sm font-semibold">{t('containers.logs')}</h3><Checkbox label={t('logs.follow')} checked={follow} onChange={(e) => setFollow(e.target.checked)} /></div>
      <QueryState query={logs}>
        {(lines) => (
          <div ref={box} tabIndex={0} role="log" aria-label={t('containers.logs')} className="min-h-0 flex-1 overflow-auto rounded-md bg-sunken p-3 font-mono text-xs" data-testid="container-log">
            {lines.length === 0 && <p className="text-muted">{t('containers.logsNone')}</p>}
            {lines.map((l, i) => <div key={i} title={exact(l.t)} className={`break-all whitespace-pre-wrap ${l.stream === 'stderr' ? 'text-attention' : ''}`}>{l.line}</div>)}
          </div>
        )}
      </QueryState>
    </section>
  )
}
