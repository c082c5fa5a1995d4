import { useQueryClient } from '@tanstack/react-query'
import { KeyRound, Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import { keys } from '../../api/keys'
import type { AppPassword, Service } from '../../api/types'
import { Button } from '../../components/Button'
import { ConfirmDialog } from '../../components/ConfirmDialog'
import { EmptyState, Section } from '../../components/layout'
import { QueryState } from '../../components/QueryState'
import { Table } from '../../components/Table'
import { Ago } from '../../components/Time'
import { toast } from '../../components/Toast'
import { PasswordDialog } from './PasswordDialog'
import { useAppPasswords } from './queries'
import { servicePath } from './state'

/** One password per device, so that one that is lost can be taken back without the others. `name`: of another person, for an administrator. */
export function AppPasswords({ service, person, name }: { service: Service; person: string; name?: string }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const passwords = useAppPasswords(service.id)
  const [making, setMaking] = useState(false)
  const [revoke, setRevoke] = useState<AppPassword>()
  const add = <Button variant="primary" icon={Plus} onClick={() => setMaking(true)} data-testid="password-add">{t('apppass.add')}</Button>
  const renew = () => Promise.all([keys.appPasswords(service.id), keys.accounts(service.id)].map((queryKey) => client.invalidateQueries({ queryKey })))
  return (
    <Section title={name ? t('apppass.of', { name }) : t('apppass.mine')} lead={t('apppass.lead')} actions={add}>
      <QueryState query={passwords} skeleton={<div className="skeleton h-16" />}>
        {(all) => {
          const rows = all.filter((p) => p.person_id === person)
          return rows.length === 0 ? <EmptyState icon={KeyRound} title={t('apppass.empty')}>{t('apppass.emptyText', { service: service.name })}</EmptyState> : (
            <Table label={t('apppass.mine')} rows={rows} rowKey={(p) => p.id} testid="passwords-table" columns={[
              { key: 'label', label: t('apppass.label'), sort: (p) => p.label, cell: (p) => <span className="font-medium">{p.label}</span> },
              { key: 'login', label: t('service.login'), cell: (p) => <span className="font-mono text-xs break-all">{p.login}</span> },
              { key: 'made', label: t('link.made'), className: 'whitespace-nowrap', cell: (p) => <Ago at={p.created_at} /> },
              { key: 'act', label: t('common.actions'), hideLabel: true, className: 'md:text-right', cell: (p) => <Button onClick={() => setRevoke(p)} data-testid={`password-revoke-${p.label}`}>{t('tokens.revoke')}</Button> },
            ]} />
          )
        }}
      </QueryState>
      {making && <PasswordDialog service={service} person={name ? person : undefined} onMade={renew} onClose={() => setMaking(false)} />}
      {revoke && (
        <ConfirmDialog title={t('tokens.revokeTitle', { name: revoke.label })} act={t('tokens.revoke')} onClose={() => setRevoke(undefined)} onConfirm={async () => {
          await api.delete(`${servicePath(service.id)}/app-passwords/${encodeURIComponent(revoke.id)}`)
          await renew()
          toast(t('tokens.revoked', { name: revoke.label }))
        }}>{t('apppass.revokeText')}</ConfirmDialog>
      )}
    </Section>
  )
}
