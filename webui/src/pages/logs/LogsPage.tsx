import { useTranslation } from 'react-i18next'
import { Page } from '../../components/layout'
import { Tabs } from '../../components/Tabs'
import { LogSearch } from './LogSearch'
import { VerbosityTab } from './VerbosityTab'
import { useSearchParams } from 'react-router-dom'

export function Component() {
  const { t } = useTranslation()
  const [params, setParams] = useSearchParams()
  const tab = params.get('tab') === 'verbosity' ? 'verbosity' : 'search'
  return (
    <Page title={t('nav.logs')}>
      <Tabs label={t('nav.logs')} value={tab} onChange={(v) => setParams(v === 'search' ? {} : { tab: v }, { replace: true })} tabs={[
        { value: 'search', label: t('logs.search'), content: <LogSearch /> },
        { value: 'verbosity', label: t('logs.verbosity'), content: <VerbosityTab /> },
      ]} />
    </Page>
  )
}
