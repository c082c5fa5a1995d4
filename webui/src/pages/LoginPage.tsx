import { useQueryClient } from '@tanstack/react-query'
import { Clock, LogIn } from 'lucide-react'
import { useState } from 'react'
import { useForm } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { Navigate, useLocation, useNavigate, useSearchParams } from 'react-router-dom'
import { ApiError, api } from '../api/client'
import { changePerson, useHealth, useSession } from '../api/queries'
import type { Session } from '../api/types'
import { Button } from '../components/Button'
import { ErrorNote } from '../components/ErrorState'
import { Field, Input } from '../components/form'
import { Card } from '../components/layout'
import { PasswordInput } from '../components/PasswordInput'
import { PlainPage } from '../components/PlainPage'

/** Only paths of this UI: a link must not send somebody who just logged in elsewhere. */
export const safeNext = (next: string | null) => (next && /^\/(?![/\\])/.test(next) ? next : '/')

export function Component() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const navigate = useNavigate()
  const [params] = useSearchParams()
  const session = useSession()
  const health = useHealth()
  const [error, setError] = useState<unknown>()
  const form = useForm<{ name: string; password: string }>({ defaultValues: { name: '', password: '' } })
  const next = safeNext(params.get('next'))
  const ended = (useLocation().state as { ended?: boolean } | null)?.ended === true

  if (session.data) return <Navigate to={next} replace />
  if (health.data?.setup_complete === false) return <Navigate to="/setup" replace />
  const submit = form.handleSubmit(async (values) => {
    setError(undefined)
    try {
      const answer = await api.post<Session>('/api/auth/login', values, { quiet401: true })
      changePerson(client, answer)
      navigate(next, { replace: true })
    } catch (e) {
      form.resetField('password')
      setError(e)
      form.setFocus('password')
    }
  })
  const wrong = error instanceof ApiError && error.status === 401
  return (
    <PlainPage title={t('login.title')}>
      <Card>
        <form className="flex flex-col gap-4" onSubmit={(e) => void submit(e)} noValidate>
          <h1 className="text-lg font-semibold">{t('login.title')}</h1>
          {ended && <p role="status" className="flex gap-2 rounded-md bg-info-soft p-3 text-sm text-info" data-testid="session-ended"><Clock size={18} className="mt-0.5" aria-hidden />{t('login.ended')}</p>}
          <Field label={t('login.name')} error={form.formState.errors.name && t('error.required')}>
            <Input {...form.register('name', { required: true })} autoComplete="username" autoCapitalize="none" autoFocus data-testid="login-name" />
          </Field>
          <Field label={t('login.password')} error={wrong ? t('login.wrong') : form.formState.errors.password && t('error.required')}>
            <PasswordInput {...form.register('password', { required: true })} autoComplete="current-password" data-testid="login-password" />
          </Field>
          {error !== undefined && !wrong && <ErrorNote error={error} />}
          <Button type="submit" variant="primary" icon={LogIn} busy={form.formState.isSubmitting} data-testid="login-submit">{t('login.submit')}</Button>
          <p className="text-xs text-muted">{t('login.forgot')} <code className="font-mono">make reset-admin-password</code></p>
        </form>
      </Card>
    </PlainPage>
  )
}
