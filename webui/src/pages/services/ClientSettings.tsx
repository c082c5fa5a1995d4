import { useTranslation } from 'react-i18next'
import type { Service } from '../../api/types'
import { Copyable } from '../../components/Copyable'
import { Facts } from '../../components/layout'
import { isWebAddress } from './state'

/** Values may speak of whoever sets up the program: {login}. */
export const fillIn = (value: string, login: string | undefined) => value.replaceAll('{login}', login ?? '…')

/** What has to be typed into a calendar, mail or file program. */
export function ClientSettings({ service, login }: { service: Service; login: string | undefined }) {
  const { t } = useTranslation()
  const rows = service.clients.map((c) => {
    const value = fillIn(c.value, login)
    const isPlain = c.kind === 'text'
    return {
      label: c.title || t(`client.${c.kind}`, { defaultValue: c.kind }),
      value: isPlain ? value : (
        <span className="flex flex-wrap items-center gap-x-2">
          <Copyable value={value} testid={`client-${c.kind}`} />
          {c.kind === 'url' && isWebAddress(value) && <a className="link text-xs" href={value} target="_blank" rel="noreferrer">{t('store.open')}</a>}
        </span>
      ),
    }
  })
  if (service.accounts && login) rows.push({ label: t('service.login'), value: <Copyable value={login} testid="client-login" /> })
  return <Facts items={rows} />
}
