import { useTranslation } from 'react-i18next'
import { useDashboard } from '../../api/queries'
import type { Dashboard } from '../../api/types'
import { Card, Facts, Page, Section } from '../../components/layout'
import { QueryState } from '../../components/QueryState'
import { Ago } from '../../components/Time'
import { day, duration } from '../../lib/format'
import { HealthItems, needing } from '../../frame/HealthList'
import { CellPicture } from './CellPicture'
import { MachineStats } from './MachineStats'

export function Component() {
  const { t } = useTranslation()
  const dashboard = useDashboard()
  return (
    <Page title={t('nav.home')} lead={dashboard.data && `${dashboard.data.cell.domain} · ${t('home.up', { time: duration(dashboard.data.cell.uptime_s) })}`}>
      <QueryState query={dashboard} skeleton={<div className="flex flex-col gap-4" data-testid="skeleton"><div className="skeleton h-40" /><div className="skeleton h-24" /><div className="skeleton h-56" /></div>}>
        {(data) => <Loaded data={data} />}
      </QueryState>
    </Page>
  )
}

function Loaded({ data }: { data: Dashboard }) {
  const { t } = useTranslation()
  const needs = needing(data.health.items)
  return (
    <>
      {data.health.items.length > 0 && (
        <Section title={needs.length > 0 ? t('health.needs', { count: needs.length }) : t('health.remarks')}>
          <HealthItems items={data.health.items} />
        </Section>
      )}
      <CellPicture data={data} />
      <MachineStats data={data} />
      <div className="grid items-start gap-5 lg:grid-cols-2">
        <Section title={t('home.cell')}>
          <Card>
            <Facts items={[
              { label: t('home.address'), value: <a className="link" href={`https://${data.cell.domain}`}>https://{data.cell.domain}</a> },
              ...(data.cell.public_address ? [{ label: t('home.public'), value: data.cell.public_address }] : []),
              { label: t('home.endpoint'), value: data.cell.endpoint || t('home.unknown') },
              { label: t('home.certificate'), value: data.certificate ? t('home.certUntil', { date: day(data.certificate.not_after) }) : t('home.none') },
              { label: t('home.version'), value: data.cell.version },
            ]} />
          </Card>
        </Section>
        <Section title={t('home.recent')}>
          <Card className="!py-1">
            {data.recent.length === 0 ? <p className="py-3 text-sm text-muted">{t('home.recentNone')}</p> : (
              <ul>
                {data.recent.slice(0, 8).map((r) => (
                  <li key={`${r.t}${r.text}`} className="flex gap-3 border-b border-line py-2 text-sm last:border-0">
                    <span className="min-w-0 flex-1">{r.text}</span><span className="text-xs whitespace-nowrap text-muted"><Ago at={r.t} /></span>
                  </li>
                ))}
              </ul>
            )}
          </Card>
        </Section>
      </div>
    </>
  )
}
