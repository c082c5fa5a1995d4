import { useMutation } from '@tanstack/react-query'
import { RotateCw } from 'lucide-react'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError, api } from '../../api/client'
import type { Body, Preflight, PreflightCheck } from '../../api/types'
import { Button } from '../../components/Button'
import { ErrorNote } from '../../components/ErrorState'
import { Field, Input } from '../../components/form'
import { Card, Skeleton } from '../../components/layout'
import { StatusBadge, type Tone } from '../../components/StatusBadge'
import { sentence } from '../../lib/format'
import { StepFooter } from './StepFooter'
import { useWizard } from './state'

const tones: Record<PreflightCheck['state'], Tone> = { ok: 'ok', warning: 'attention', problem: 'problem' }

function CheckRow({ check }: { check: PreflightCheck }) {
  const { t } = useTranslation()
  return (
    <li className="flex flex-col gap-1 border-b border-line py-2.5 last:border-0" data-testid={`check-${check.id}`} data-state={check.state}>
      <div className="flex flex-wrap items-center gap-2 text-sm"><span className="min-w-0 flex-1 font-medium">{check.title}</span><StatusBadge tone={tones[check.state]}>{t(`check.${check.state}`)}</StatusBadge></div>
      <p className="text-xs text-muted">{sentence(check.detail)}</p>
      {check.state !== 'ok' && check.cause && <p className="text-sm">{sentence(check.cause)}</p>}
      {check.state !== 'ok' && check.fix && <p className="text-sm">{t('job.fix', { text: check.fix })}</p>}
    </li>
  )
}

/** Setup code and a look at the machine. Without a code (from this machine itself) the look begins at once. */
export function CheckStep() {
  const { t } = useTranslation()
  const { setup, answers, set, next } = useWizard()
  const check = useMutation({
    mutationFn: () => api.post<Preflight>('/api/setup/preflight', (answers.code.trim() ? { setup_code: answers.code.trim() } : {}) satisfies Body<'/api/setup/preflight', 'post'>),
  })
  const { mutate, data, isPending } = check
  useEffect(() => { if (!setup.code_required) mutate() }, [setup.code_required, mutate])
  const wrongCode = check.error instanceof ApiError && check.error.status === 403
  const passed = data?.ok === true
  return (
    <form className="flex flex-col gap-5" onSubmit={(e) => { e.preventDefault(); if (passed) next(); else mutate() }}>
      <p>{t('setup.checkLead')}</p>
      {setup.code_required && (
        <Field label={t('setup.code')} hint={t('setup.codeHint')} error={wrongCode ? t('setup.codeWrong') : undefined}>
          <Input value={answers.code} onChange={(e) => { set({ code: e.target.value }); check.reset() }} autoComplete="one-time-code" autoCapitalize="characters" spellCheck={false} className="font-mono" autoFocus data-testid="setup-code" />
        </Field>
      )}
      {check.isError && !wrongCode && <ErrorNote error={check.error} />}
      {isPending && <Skeleton rows={4} height="h-10" />}
      {data && (
        <Card data-testid="preflight">
          <ul>{data.checks.map((c) => <CheckRow key={c.id} check={c} />)}</ul>
        </Card>
      )}
      {data && !data.ok && <p role="alert" className="text-sm text-problem">{t('setup.checkFailed')}</p>}
      {data && <div><Button icon={RotateCw} busy={isPending} onClick={() => mutate()} data-testid="setup-recheck">{t('setup.recheck')}</Button></div>}
      <StepFooter busy={isPending} disabled={(setup.code_required && !answers.code.trim()) || data?.ok === false} label={passed ? t('common.next') : t('setup.runCheck')} />
    </form>
  )
}
