import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../api/client'
import type { Traffic, TrafficRange } from '../api/types'
import { bytes, rate } from '../lib/format'
import { Segmented } from './form'
import { Card, Section } from './layout'
import { QueryState } from './QueryState'
import { TimeSeries } from './TimeSeries'

const ranges: readonly TrafficRange[] = ['24h', '30d', '1y']

/** Traffic history of one device or of the whole hub. Bytes per step become a mean rate. */
export function TrafficChart({ path, queryKey, hub = false }: { path: string; hub?: boolean; queryKey: (range: string) => readonly unknown[] }) {
  const { t } = useTranslation()
  const [range, setRange] = useState<TrafficRange>('24h')
  const query = useQuery({ queryKey: queryKey(range), queryFn: () => api.get<Traffic>(path, { query: { range } }), refetchInterval: 60_000 })
  return (
    <Section title={t('traffic.title')} actions={<Segmented label={t('traffic.range')} value={range} onChange={setRange} options={ranges.map((value) => ({ value, label: t(`traffic.${value}`) }))} testid="traffic-range" />}>
      <Card>
        <QueryState query={query} skeleton={<div className="skeleton h-52" />}>{(data) => <Chart data={data} hub={hub} />}</QueryState>
      </Card>
    </Section>
  )
}

function Chart({ data, hub }: { data: Traffic; hub: boolean }) {
  const { t } = useTranslation()
  const plot = useMemo(() => ({
    times: data.points.map((p) => Date.parse(p.t) / 1000),
    down: data.points.map((p) => p.tx / data.step_s),
    up: data.points.map((p) => p.rx / data.step_s),
  }), [data])
  const sum = (pick: 'rx' | 'tx') => data.points.reduce((n, p) => n + p[pick], 0)
  if (data.points.length === 0) return <p className="py-10 text-center text-sm text-muted">{t('traffic.empty')}</p>
  return (
    <TimeSeries label={t('traffic.title')} times={plot.times} format={rate}
      series={[
        { label: `${t(hub ? 'wg.out' : 'peers.down')} (${bytes(sum('tx'))})`, color: '--c-accent', values: plot.down },
        { label: `${t(hub ? 'wg.in' : 'peers.up')} (${bytes(sum('rx'))})`, color: '--c-attention', dashed: true, values: plot.up },
      ]} />
  )
}
