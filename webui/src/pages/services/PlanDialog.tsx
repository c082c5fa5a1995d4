import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError, api } from '../../api/client'
import { keys } from '../../api/keys'
import { useLanguage } from '../../api/queries'
import type { Begun, Plan, PlanRequest } from '../../api/types'
import { Button } from '../../components/Button'
import { Dialog } from '../../components/Dialog'
import { ErrorNote } from '../../components/ErrorState'
import { Checkbox } from '../../components/form'
import { Skeleton } from '../../components/layout'
import { PlanView } from '../../components/PlanView'
import { startedHere } from '../../lib/jobs'
import { JobDialog } from './JobDialog'
import { servicePath } from './state'

interface Props {
  id: string
  title: string
  request: PlanRequest
  /** What the button says. */
  act: string
  apply: (plan: Plan, accepted: boolean) => Promise<Begun>
  onClose: () => void
  /** Back to the options, with what the server says of them, if it refused any. */
  onBack?: ((fields: Record<string, string>) => void) | undefined
  /** Words that have to be agreed to first. */
  consent?: ((plan: Plan) => string | null) | undefined
  /** Above the plan. */
  children?: ReactNode
  /** In place of the job's end. */
  done?: ReactNode
}

/** What would change, then the change. The plan is made anew whenever the cell finds that it no longer holds. */
export function PlanDialog({ id, title, request, act, apply, onClose, onBack, consent, children, done }: Props) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const language = useLanguage()
  const [accepted, setAccepted] = useState(false)
  const plan = useQuery({
    queryKey: ['plan', id, request, language], gcTime: 0, staleTime: Infinity, retry: false, refetchOnWindowFocus: false,
    queryFn: () => api.post<Plan>(`${servicePath(id)}/plan`, request, { query: { language } }),
  })
  const begin = useMutation({
    mutationFn: (p: Plan) => apply(p, accepted),
    onSuccess: (begun) => {
      startedHere.add(begun.job_id)
      for (const queryKey of [keys.jobs, keys.services, keys.store]) void client.invalidateQueries({ queryKey })
    },
    onError: (e) => { if (e instanceof ApiError && e.status === 409) void plan.refetch() },
  })
  const refused = plan.error instanceof ApiError ? plan.error.fields : {}
  const blamed = Object.keys(refused).some((f) => f.startsWith('options'))
  useEffect(() => { if (blamed) onBack?.(refused) }, [blamed])
  if (begin.data) return <JobDialog id={begin.data.job_id} title={title} onClose={onClose} done={done} onAgain={() => { begin.reset(); void plan.refetch() }} />

  const words = plan.data ? (consent?.(plan.data) ?? null) : null
  const ready = plan.data && !plan.isFetching && plan.data.conflicts.length === 0 && (words === null || accepted)
  return (
    <Dialog open onClose={onClose} title={title} testid="plan-dialog" footer={
      <>
        {words !== null && <Checkbox label={words} checked={accepted} onChange={(e) => setAccepted(e.target.checked)} className="mb-1 w-full" data-testid="plan-accept" />}
        {onBack && <Button onClick={() => onBack({})} className="mr-auto" data-testid="plan-back">{t('common.back')}</Button>}
        <Button onClick={onClose}>{t('common.cancel')}</Button>
        {plan.data && plan.data.conflicts.length > 0 && <Button busy={plan.isFetching} onClick={() => void plan.refetch()} data-testid="plan-recheck">{t('plan.again')}</Button>}
        <Button variant="primary" disabled={!ready} busy={begin.isPending} onClick={() => plan.data && begin.mutate(plan.data)} data-testid="plan-act">{act}</Button>
      </>
    }>
      <div className="flex flex-col gap-5">
        {begin.isError && <ErrorNote error={begin.error} />}
        {children}
        {plan.data ? <PlanView plan={plan.data} /> : plan.isError ? <ErrorNote error={plan.error} /> : <Skeleton rows={4} height="h-8" />}
      </div>
    </Dialog>
  )
}
