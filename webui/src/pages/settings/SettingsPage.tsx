import { useTranslation } from 'react-i18next'
import { Navigate, useNavigate, useParams } from 'react-router-dom'
import { useIsAdmin } from '../../api/queries'
import { Page } from '../../components/layout'
import { Tabs } from '../../components/Tabs'
import { AccountTab } from './AccountTab'
import { AuditTab } from './AuditTab'
import { GeneralTab } from './GeneralTab'
import { PluginsTab } from './PluginsTab'
import { RevisionsTab } from './RevisionsTab'
import { TokensTab } from './TokensTab'
import { TrustTab } from './TrustTab'

const tabs = [
  { value: 'general', admin: true, view: GeneralTab },
  { value: 'account', admin: false, view: AccountTab },
  { value: 'trust', admin: false, view: TrustTab },
  { value: 'tokens', admin: true, view: TokensTab },
  { value: 'plugins', admin: true, view: PluginsTab },
  { value: 'history', admin: true, view: RevisionsTab },
  { value: 'audit', admin: true, view: AuditTab },
] as const

export function Component() {
  const { t } = useTranslation()
  const admin = useIsAdmin()
  const navigate = useNavigate()
  const wanted = useParams().tab
  const allowed = tabs.filter((x) => admin || !x.admin)
  const tab = allowed.find((x) => x.value === wanted)
  if (!tab) return <Navigate to="/settings/account" replace />
  return (
    <Page title={t(admin ? 'nav.settings' : 'settings.account')}>
      <Tabs label={t('nav.settings')} value={tab.value} onChange={(v) => navigate(`/settings/${v}`, { replace: true })}
        tabs={allowed.map((x) => ({ value: x.value, label: t(`settings.${x.value}`), content: <x.view /> }))} />
    </Page>
  )
}
