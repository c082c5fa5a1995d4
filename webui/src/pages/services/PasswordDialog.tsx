import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError, api } from '../../api/client'
import type { Body, NewAppPassword, Service } from '../../api/types'
import { Button } from '../../components/Button'
import { CopyButton } from '../../components/Copyable'
import { Dialog } from '../../components/Dialog'
import { ErrorNote } from '../../components/ErrorState'
import { Field, Input } from '../../components/form'
import { ClientSettings } from './ClientSettings'
import { servicePath } from './state'

export function PasswordDialog({ service, person, onMade, onClose }: { service: Service; person: string | undefined; onMade: () => unknown; onClose: () => void }) {
  const { t } = useTranslation()
  const [label, setLabel] = useState('')
  const create = useMutation({
    mutationFn: () => api.post<NewAppPassword>(`${servicePath(service.id)}/app-passwords`, { label: label.trim(), ...(person ? { person_id: person } : {}) } satisfies Body<'/api/services/{id}/app-passwords', 'post'>),
    onSuccess: onMade,
  })
  const fields = create.error instanceof ApiError ? create.error.fields : {}
  const submit = () => { if (label.trim() && !create.isPending) create.mutate() }
  if (create.data) return <PasswordMade service={service} made={create.data} onClose={onClose} />
  return (
    <Dialog open onClose={onClose} title={t('apppass.add')} testid="password-dialog" footer={
      <>
        <Button onClick={onClose}>{t('common.cancel')}</Button>
        <Button variant="primary" disabled={!label.trim()} busy={create.isPending} onClick={submit} data-testid="password-create">{t('apppass.create')}</Button>
      </>
    }>
      <form className="flex flex-col gap-4" onSubmit={(e) => { e.preventDefault(); submit() }}>
        <Field label={t('apppass.label')} hint={t('apppass.labelHint')} error={fields.label}><Input value={label} onChange={(e) => setLabel(e.target.value)} autoComplete="off" autoFocus maxLength={64} data-testid="password-label" /></Field>
        {create.isError && <ErrorNote error={create.error} fields={['label']} />}
      </form>
    </Dialog>
  )
}

/** The only time it is seen, with everything else that the program asks for. */
function PasswordMade({ service, made, onClose }: { service: Service; made: NewAppPassword; onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Dialog open keep onClose={onClose} title={t('apppass.made', { label: made.label })} testid="password-made" footer={<Button variant="primary" onClick={onClose} data-testid="password-done">{t('common.done')}</Button>}>
      <div className="flex flex-col gap-4 text-sm">
        <p>{t('apppass.once')}</p>
        <div>
          <p className="text-xs text-muted">{t('login.password')}</p>
          <div className="mt-1 flex items-center gap-2 rounded-md bg-sunken p-3"><code className="min-w-0 flex-1 font-mono text-base [overflow-wrap:anywhere]" data-testid="password-text">{made.password}</code><CopyButton value={made.password} label={t('apppass.copy')} /></div>
        </div>
        <ClientSettings service={service} login={made.login} />
      </div>
    </Dialog>
  )
}
