import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError, api, rememberSession } from '../../api/client'
import { keys } from '../../api/keys'
import type { SetupAnswer, SetupRequest } from '../../api/types'
import { ErrorNote } from '../../components/ErrorState'
import { Field, Input } from '../../components/form'
import { PasswordInput, StrengthMeter } from '../../components/PasswordInput'
import { minimumLength, strength } from '../../lib/password'
import { StepFooter } from './StepFooter'
import { useWizard, type Answers } from './state'

function request(a: Answers): SetupRequest {
  return {
    ...(a.code.trim() ? { setup_code: a.code.trim() } : {}),
    cell_name: a.cellName, domain: { mode: 'local' }, timezone: a.timezone,
    ...(a.endpoint.trim() ? { endpoint: a.endpoint.trim() } : {}),
    admin: { name: a.adminName.trim(), password: a.password },
  }
}

/** The last question. Its button sets the cell up. */
export function AdminStep() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const { answers, set, setAnswer, next, back } = useWizard()
  const [tried, setTried] = useState(false)
  const complete = useMutation({
    mutationFn: () => api.post<SetupAnswer>('/api/setup/complete', request(answers)),
    onSuccess: (answer) => {
      rememberSession(answer.session)
      client.setQueryData(keys.session, answer.session)
      void client.invalidateQueries({ queryKey: keys.health })
      setAnswer(answer)
      next()
    },
  })
  const related = [answers.adminName, answers.cellName]
  const fields = complete.error instanceof ApiError ? complete.error.fields : {}
  const shortOrWeak = answers.password.length < minimumLength ? t('strength.tooShort', { count: minimumLength }) : strength(answers.password, related) < 1 ? t('strength.refused') : undefined
  const differs = answers.password !== answers.password2
  const noName = !answers.adminName.trim()
  const submit = () => {
    setTried(true)
    if (!shortOrWeak && !differs && !noName) complete.mutate()
  }
  return (
    <form className="flex flex-col gap-5" onSubmit={(e) => { e.preventDefault(); submit() }}>
      <p>{t('setup.adminLead')}</p>
      <Field label={t('setup.adminName')} error={fields['admin.name'] ?? (tried && noName ? t('error.required') : undefined)}>
        <Input value={answers.adminName} onChange={(e) => set({ adminName: e.target.value })} autoComplete="username" autoCapitalize="none" data-testid="setup-admin-name" />
      </Field>
      <div className="flex flex-col gap-2">
        <Field label={t('setup.password')} hint={t('setup.passwordHint')} error={fields['admin.password'] ?? (tried ? shortOrWeak : undefined)}>
          <PasswordInput value={answers.password} onChange={(e) => set({ password: e.target.value })} autoComplete="new-password" data-testid="setup-password" />
        </Field>
        <StrengthMeter password={answers.password} related={related} />
      </div>
      <Field label={t('setup.password2')} error={tried && differs ? t('setup.differs') : undefined}>
        <PasswordInput value={answers.password2} onChange={(e) => set({ password2: e.target.value })} autoComplete="new-password" data-testid="setup-password2" />
      </Field>
      <Field label={t('setup.deviceName')} hint={t('setup.deviceNameHint')}>
        <Input value={answers.deviceName} onChange={(e) => set({ deviceName: e.target.value })} autoComplete="off" data-testid="setup-device-name" />
      </Field>
      {complete.isError && <ErrorNote error={complete.error} fields={['admin.name', 'admin.password']} />}
      <StepFooter onBack={back} busy={complete.isPending} label={t('setup.start')} />
    </form>
  )
}
