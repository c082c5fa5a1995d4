import { useTranslation } from 'react-i18next'
import { useIsAdmin, useSession } from '../../api/queries'
import type { Service } from '../../api/types'
import { Card, Section } from '../../components/layout'
import { EmailSections } from '../email/EmailSections'
import { emailPanels } from '../email/answers'
import { AppPasswords } from './AppPasswords'
import { ClientSettings } from './ClientSettings'
import { PanelView } from './PanelView'
import { readPanels } from './panel'
import { useAccount, useAppPasswords } from './queries'

/** What the service is for: its panels, and how one's own programs reach it. */
export function OverviewTab({ service }: { service: Service }) {
  const { t, i18n } = useTranslation()
  const admin = useIsAdmin()
  const me = useSession().data?.user.id ?? ''
  const login = useMyLogin(service, me)
  const panels = readPanels(service.panels, i18n.language)
  const email = emailPanels(service.id, panels)
  return (
    <div className="flex flex-col gap-8">
      {service.clients.length > 0 && (
        <Section title={t('service.clients')} lead={service.accounts ? t('service.clientsLead') : undefined}>
          <Card><ClientSettings service={service} login={login} /></Card>
        </Section>
      )}
      {service.accounts && <AppPasswords service={service} person={me} />}
      {admin && email.length > 0 && <EmailSections service={service} />}
      {admin && panels.filter((p) => !email.includes(p.path)).map((p) => <PanelView key={`${p.kind} ${p.path}`} service={service} panel={p} />)}
      {service.clients.length === 0 && !service.accounts && panels.length === 0 && <p className="text-sm text-muted">{t('service.nothingToShow')}</p>}
    </div>
  )
}

/** Known from the account, or from a password that was made before. */
function useMyLogin(service: Service, me: string): string | undefined {
  const account = useAccount(service.id, me, service.accounts !== null && me !== '')
  const passwords = useAppPasswords(service.id, service.accounts !== null)
  return account.data?.login ?? passwords.data?.find((p) => p.person_id === me)?.login
}
