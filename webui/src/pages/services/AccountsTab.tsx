import { useMutation, useQueryClient } from '@tanstack/react-query'
import { UserRound } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError, api } from '../../api/client'
import { keys } from '../../api/keys'
import type { Body, Service, ServiceAccount } from '../../api/types'
import { Button, LinkButton } from '../../components/Button'
import { Dialog, Sheet } from '../../components/Dialog'
import { ErrorNote } from '../../components/ErrorState'
import { Field, Input } from '../../components/form'
import { EmptyState, Section } from '../../components/layout'
import { QueryState } from '../../components/QueryState'
import { Table } from '../../components/Table'
import { toast } from '../../components/Toast'
import { bytes } from '../../lib/format'
import { AppPasswords } from './AppPasswords'
import { useAccounts } from './queries'
import { servicePath } from './state'

/** The people of the cell as the service knows them. */
export function AccountsTab({ service }: { service: Service }) {
  const { t } = useTranslation()
  const accounts = useAccounts(service.id)
  const [open, setOpen] = useState<ServiceAccount>()
  const [limit, setLimit] = useState<ServiceAccount>()
  const quota = service.accounts?.quota ?? false
  return (
    <Section title={t('service.tab.accounts')} lead={t('service.accountsLead')} actions={<LinkButton to="/peers?tab=people">{t('people.title')}</LinkButton>}>
      <QueryState query={accounts}>
        {(rows) => rows.length === 0 ? <EmptyState icon={UserRound} title={t('people.empty')} /> : (
          <Table label={t('service.tab.accounts')} rows={rows} rowKey={(a) => a.person_id} testid="accounts-table" columns={[
            { key: 'name', label: t('login.name'), sort: (a) => a.name, cell: (a) => <span className="font-medium">{a.name}</span> },
            { key: 'login', label: t('service.login'), cell: (a) => <span className="font-mono text-xs break-all">{a.login}</span> },
            ...(quota ? [{ key: 'quota', label: t('service.quota'), className: 'whitespace-nowrap', cell: (a: ServiceAccount) => <Button variant="ghost" className="-ml-3" onClick={() => setLimit(a)} data-testid={`account-quota-${a.name}`}>{a.quota_mb ? bytes(a.quota_mb * 1e6) : t('service.noQuota')}<span className="sr-only"> · {t('service.quotaOf', { name: a.name })}</span></Button> }] : []),
            { key: 'passwords', label: t('apppass.title'), sort: (a) => a.passwords, cell: (a) => <Button variant="ghost" className="-ml-3" onClick={() => setOpen(a)} data-testid={`account-passwords-${a.name}`}>{t('apppass.count', { count: a.passwords })}<span className="sr-only"> · {a.name}</span></Button> },
          ]} />
        )}
      </QueryState>
      {open && <Sheet open wide onClose={() => setOpen(undefined)} title={open.name} description={open.login} testid="account-sheet"><AppPasswords service={service} person={open.person_id} name={open.name} /></Sheet>}
      {limit && <QuotaDialog service={service} account={limit} onClose={() => setLimit(undefined)} />}
    </Section>
  )
}

function QuotaDialog({ service, account, onClose }: { service: Service; account: ServiceAccount; onClose: () => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [text, setText] = useState(account.quota_mb ? String(account.quota_mb) : '')
  const value = text.trim() === '' ? null : Number(text)
  const ready = value === null || (Number.isInteger(value) && value > 0)
  const save = useMutation({
    mutationFn: () => api.put<ServiceAccount>(`${servicePath(service.id)}/accounts/${encodeURIComponent(account.person_id)}`, { quota_mb: value } satisfies Body<'/api/services/{id}/accounts/{person_id}', 'put'>),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keys.accounts(service.id) })
      toast(t('common.saved'))
      onClose()
    },
  })
  const fields = save.error instanceof ApiError ? save.error.fields : {}
  const submit = () => { if (ready) save.mutate() }
  return (
    <Dialog open onClose={onClose} title={t('service.quotaOf', { name: account.name })} testid="quota-dialog" footer={
      <>
        <Button onClick={onClose}>{t('common.cancel')}</Button>
        <Button variant="primary" disabled={!ready} busy={save.isPending} onClick={submit} data-testid="quota-save">{t('common.save')}</Button>
      </>
    }>
      <form className="flex flex-col gap-4" onSubmit={(e) => { e.preventDefault(); submit() }}>
        <Field label={t('service.quotaMb')} hint={t('service.quotaHint')} error={ready ? fields.quota_mb : t('form.integer')}><Input value={text} onChange={(e) => setText(e.target.value)} inputMode="numeric" autoComplete="off" autoFocus data-testid="quota-mb" /></Field>
        {save.isError && <ErrorNote error={save.error} fields={['quota_mb']} />}
      </form>
    </Dialog>
  )
}
