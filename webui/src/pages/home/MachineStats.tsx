import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Dashboard } from '../../api/types'
import { Segmented } from '../../components/form'
import { Card, Section, Stat } from '../../components/layout'
import { TimeSeries } from '../../components/TimeSeries'
import { bytes, percent, rate } from '../../lib/format'

const views = ['traffic', 'cpu', 'memory'] as const
type View = (typeof views)[number]

function Meter({ label, share, value, hint, testid }: { label: string; share: number; value: string; hint: string; testid: string }) {
  return (
    <div className="min-w-0">
      <Stat label={label} value={value} hint={hint} testid={testid} />
      <progress max={1} value={Math.min(1, share)} aria-label={label} className={`job-bar mt-1.5 h-1.5 w-full ${share > 0.9 ? 'bar-problem' : ''}`} />
    </div>
  )
}

/** What the machine does now, beside what it did in the last day. */
export function MachineStats({ data }: { data: Dashboard }) {
  const { t } = useTranslation()
  const [view, setView] = useState<View>('traffic')
  const { stats, history } = data
  const plot = useMemo(() => {
    const p = history.points
    return {
      times: p.map((x) => Date.parse(x.t) / 1000),
      traffic: [
        { label: t('home.in'), color: '--c-accent', values: p.map((x) => x.rx_rate) },
        { label: t('home.out'), color: '--c-attention', dashed: true, values: p.map((x) => x.tx_rate) },
      ],
      cpu: [{ label: t('home.cpu'), color: '--c-accent', values: p.map((x) => x.cpu_percent) }],
      memory: [{ label: t('home.memory'), color: '--c-accent', values: p.map((x) => x.memory_bytes) }],
    }
  }, [history, t])
  const format = { traffic: rate, cpu: percent, memory: bytes }[view]
  const max = view === 'cpu' ? 100 : view === 'memory' ? stats.memory_total_bytes : undefined
  return (
    <Section title={t('home.machine')} actions={<Segmented label={t('home.plot')} value={view} onChange={setView} options={views.map((value) => ({ value, label: t(`home.${value}`) }))} testid="home-plot" />}>
      <Card className="grid gap-5 lg:grid-cols-[11rem_1fr] lg:gap-8">
        <div className="grid grid-cols-3 gap-4 lg:grid-cols-1 lg:content-between">
          <Meter label={t('home.cpu')} share={stats.cpu_percent / 100} value={percent(stats.cpu_percent)} hint={t('home.cpuHint')} testid="stat-cpu" />
          <Meter label={t('home.memory')} share={stats.memory_bytes / (stats.memory_total_bytes || 1)} value={bytes(stats.memory_bytes)} hint={t('home.of', { total: bytes(stats.memory_total_bytes) })} testid="stat-memory" />
          <Meter label={t('home.disk')} share={stats.disk_used_bytes / (stats.disk_total_bytes || 1)} value={bytes(stats.disk_used_bytes)} hint={t('home.of', { total: bytes(stats.disk_total_bytes) })} testid="stat-disk" />
        </div>
        <div className="min-w-0">
          {history.points.length < 2 ? <p className="py-16 text-center text-sm text-muted">{t('traffic.empty')}</p>
            : <TimeSeries key={view} label={t(`home.${view}`)} times={plot.times} series={plot[view]} format={format} height={220} {...(max === undefined ? {} : { max })} />}
        </div>
      </Card>
    </Section>
  )
}
