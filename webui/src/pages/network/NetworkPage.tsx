import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import { keys } from '../../api/keys'
import type { Dns } from '../../api/types'
import { Page } from '../../components/layout'
import { Tabs } from '../../components/Tabs'
import { useTab } from '../../lib/tab'
import { GeneratedTab } from './GeneratedTab'
import { RecordsTab } from './RecordsTab'
import { ResolverTab } from './ResolverTab'
import { TimeTab } from './TimeTab'

export const useDns = () => useQuery({ queryKey: keys.dns, queryFn: () => api.get<Dns>('/api/network/dns') })
const tabs = ['records', 'generated', 'resolver', 'time'] as const

export function Component() {
  const { t } = useTranslation()
  const [tab, setTab] = useTab(tabs, 'records')
  const dns = useDns()
  return (
    <Page title={t('nav.services')} lead={dns.data && t('dns.zoneLead', { zone: dns.data.zone })}>
      <Tabs label={t('nav.services')} value={tab} onChange={setTab} tabs={[
        { value: 'records', label: t('dns.records'), content: <RecordsTab zone={dns.data?.zone ?? ''} /> },
        { value: 'generated', label: t('dns.generated'), content: <GeneratedTab query={dns} /> },
        { value: 'resolver', label: t('dns.resolver'), content: <ResolverTab query={dns} /> },
        { value: 'time', label: t('ntp.title'), content: <TimeTab /> },
      ]} />
    </Page>
  )
}
