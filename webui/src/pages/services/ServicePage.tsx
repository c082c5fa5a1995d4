import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router-dom'
import { ApiError } from '../../api/client'
import { useIsAdmin } from '../../api/queries'
import type { Service } from '../../api/types'
import { LinkButton } from '../../components/Button'
import { JobProgress } from '../../components/JobProgress'
import { Card, EmptyState, Page } from '../../components/layout'
import { QueryState } from '../../components/QueryState'
import { asSchema, fieldsOf } from '../../components/schema/schema'
import { Tabs } from '../../components/Tabs'
import { useTab } from '../../lib/tab'
import { PackageX } from 'lucide-react'
import { AccountsTab } from './AccountsTab'
import { useService } from './queries'
import { ServiceActions } from './ServiceActions'
import { ServiceDialogs } from './ServiceDialogs'
import { ServiceHead } from './ServiceHead'
import { OptionsTab } from './OptionsTab'
import { OverviewTab } from './OverviewTab'
import { useServiceJob } from './state'
import { SystemTab } from './SystemTab'

/** One service: how it is, how to use it, and for an administrator how it is run. */
export function Component() {
  const id = useParams().id ?? ''
  const { t } = useTranslation()
  const admin = useIsAdmin()
  const service = useService(id)
  if (service.error instanceof ApiError && service.error.status === 404 && !service.data) return <NotInstalled id={id} />
  const title = service.data?.name ?? t('service.title')
  return (
    <Page title={title} lead={service.data?.summary} actions={service.data && <ServiceActions service={service.data} admin={admin} />}>
      <QueryState query={service}>{(data) => <Loaded key={data.id} service={data} admin={admin} />}</QueryState>
    </Page>
  )
}

function NotInstalled({ id }: { id: string }) {
  const { t } = useTranslation()
  const admin = useIsAdmin()
  return (
    <Page title={t('service.title')}>
      <EmptyState icon={PackageX} title={t('service.notInstalled', { id })} action={admin && <LinkButton to={`/store/${encodeURIComponent(id)}`}>{t('service.inStore')}</LinkButton>} />
    </Page>
  )
}

const tabs = ['overview', 'accounts', 'options', 'system'] as const
type TabName = (typeof tabs)[number]

function Loaded({ service, admin }: { service: Service; admin: boolean }) {
  const { t } = useTranslation()
  const job = useServiceJob(service.id, admin)
  const [wanted, setTab] = useTab(tabs, 'overview')
  const shown: Record<TabName, boolean> = {
    overview: true, accounts: service.accounts !== null, options: fieldsOf(asSchema(service.options_schema)).length > 0, system: true,
  }
  const tab = shown[wanted] ? wanted : 'overview'
  const views = { overview: OverviewTab, accounts: AccountsTab, options: OptionsTab, system: SystemTab }
  return (
    <>
      <ServiceHead service={service} admin={admin} />
      {job && <Card><JobProgress job={job} /></Card>}
      {admin ? (
        <Tabs label={service.name} value={tab} onChange={setTab} tabs={tabs.filter((x) => shown[x]).map((value) => {
          const View = views[value]
          return { value, label: t(`service.tab.${value}`), content: <View service={service} /> }
        })} />
      ) : <OverviewTab service={service} />}
      {admin && <ServiceDialogs service={service} />}
    </>
  )
}
