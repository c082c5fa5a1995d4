import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError, api } from '../../api/client'
import { keys } from '../../api/keys'
import { useSession } from '../../api/queries'
import type { Body, LoginSession, Page } from '../../api/types'
import { Button } from '../../components/Button'
import { ErrorNote } from '../../components/ErrorState'
import { Field } from '../../components/form'
import { Card, Section } from '../../components/layout'
import { PasswordInput, StrengthMeter } from '../../components/PasswordInput'
import { QueryState } from '../../components/QueryState'
import { StatusBadge } from '../../components/StatusBadge'
import { Table } from '../../components/Table'
import { Ago } from '../../components/Time'
import { toast, toastError } from '../../components/Toast'
import { minimumLength } from '../../lib/password'

export function AccountTab() {
  const { t } = useTranslation()
  return (
    <div className="flex flex-col gap-8">
      <Section title={t('account.password')} lead={t('account.passwordLead')}><Card className="max-w-lg"><PasswordForm /></Card></Section>
      <Sessions />
    </div>
  )
}

function PasswordForm() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const name = useSession().data?.user.name ?? ''
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const [again, setAgain] = useState('')
  const save = useMutation({
    mutationFn: () => api.post('/api/auth/password', { current_password: current, new_password: next } satisfies Body<'/api/auth/password', 'post'>, { quiet401: true }),
    onSuccess: () => {
      for (const clear of [setCurrent, setNext, setAgain]) clear('')
      void client.invalidateQueries({ queryKey: keys.sessions })
      toast(t('account.changed'))
    },
  })
  const fields = save.error instanceof ApiError ? save.error.fields : {}
  const ready = current !== '' && next.length >= minimumLength && next === again
  return (
    <form className="flex flex-col gap-4" onSubmit={(e) => { e.preventDefault(); if (ready) save.mutate() }}>
      <input type="text" name="username" autoComplete="username" value={name} readOnly hidden />
      <Field label={t('account.current')} error={fields.current_password}><PasswordInput value={current} onChange={(e) => setCurrent(e.target.value)} autoComplete="current-password" data-testid="password-current" /></Field>
      <Field label={t('account.new')} hint={t('strength.tooShort', { count: minimumLength })} error={fields.new_password}><PasswordInput value={next} onChange={(e) => setNext(e.target.value)} autoComplete="new-password" data-testid="password-new" /></Field>
      <StrengthMeter password={next} related={[name]} />
      <Field label={t('setup.password2')} error={again && next !== again ? t('setup.differs') : undefined}><PasswordInput value={again} onChange={(e) => setAgain(e.target.value)} autoComplete="new-password" data-testid="password-again" /></Field>
      {save.isError && <ErrorNote error={save.error} fields={['current_password', 'new_password']} />}
      <div><Button type="submit" variant="primary" disabled={!ready} busy={save.isPending} data-testid="password-save">{t('account.change')}</Button></div>
    </form>
  )
}

function Sessions() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const sessions = useQuery({ queryKey: keys.sessions, queryFn: async () => (await api.get<Page<LoginSession>>('/api/auth/sessions')).items })
  const end = useMutation({
    mutationFn: (id: string) => api.delete(`/api/auth/sessions/${encodeURIComponent(id)}`),
    onSuccess: () => { toast(t('account.ended')); void client.invalidateQueries({ queryKey: keys.sessions }) },
    onError: toastError,
  })
  const others = (sessions.data?.length ?? 0) > 1
  return (
    <Section title={t('account.sessions')} lead={t('account.sessionsLead')} actions={others && <Button busy={end.isPending && end.variables === 'others'} onClick={() => end.mutate('others')} data-testid="sessions-end-others">{t('account.endOthers')}</Button>}>
      <QueryState query={sessions}>
        {(rows) => (
          <Table label={t('account.sessions')} rows={rows} rowKey={(s) => s.id} testid="sessions-table" columns={[
            { key: 'agent', label: t('account.browser'), cell: (s) => <span className="text-xs break-all">{s.user_agent || '—'}</span> },
            { key: 'address', label: t('ntp.address'), cell: (s) => <span className="font-mono text-xs">{s.address}</span> },
            { key: 'seen', label: t('account.seen'), className: 'whitespace-nowrap', cell: (s) => <Ago at={s.last_seen_at} /> },
            { key: 'act', label: t('common.actions'), hideLabel: true, className: 'md:text-right', cell: (s) => s.current ? <StatusBadge tone="ok">{t('account.this')}</StatusBadge> : <Button onClick={() => end.mutate(s.id)}>{t('account.end')}</Button> },
          ]} />
        )}
      </QueryState>
    </Section>
  )
}
