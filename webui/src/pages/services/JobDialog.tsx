import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import { keys } from '../../api/keys'
import type { Job } from '../../api/types'
import { Button } from '../../components/Button'
import { Dialog } from '../../components/Dialog'
import { JobProgress } from '../../components/JobProgress'
import { QueryState } from '../../components/QueryState'
import { isActive } from './state'

/** A job as it goes on. Closing the dialog, or the tab, does not stop it. */
export function JobDialog({ id, title, onClose, onAgain, done }: { id: string; title: string; onClose: () => void; onAgain: () => void; done?: ReactNode }) {
  const { t } = useTranslation()
  const job = useQuery({
    queryKey: keys.job(id), queryFn: () => api.get<Job>(`/api/jobs/${encodeURIComponent(id)}`),
    // The event stream tells every step; this is for when it is away.
    refetchInterval: (q) => (q.state.data && !isActive(q.state.data) ? false : 3000),
  })
  const state = job.data?.state
  return (
    <Dialog open onClose={onClose} title={title} testid="job-dialog" footer={
      <>
        {state === 'failed' && <Button onClick={onAgain} data-testid="plan-again">{t('error.retry')}</Button>}
        {state === 'done' && done}
        <Button variant={state === 'done' && done ? 'secondary' : 'primary'} onClick={onClose} data-testid="job-dialog-close">{t('common.close')}</Button>
      </>
    }>
      <QueryState query={job}>{(data) => <JobProgress job={data} />}</QueryState>
      {(!job.data || isActive(job.data)) && <p className="mt-4 text-xs text-muted">{t('plan.goesOn')}</p>}
    </Dialog>
  )
}
