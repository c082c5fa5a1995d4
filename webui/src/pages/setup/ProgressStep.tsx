import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import { keys } from '../../api/keys'
import type { Health, Job } from '../../api/types'
import { Card } from '../../components/layout'
import { JobProgress } from '../../components/JobProgress'
import { QueryState } from '../../components/QueryState'
import { StatusBadge } from '../../components/StatusBadge'
import { StepFooter } from './StepFooter'
import { useWizard } from './state'

const ended = (job: Job | undefined) => job?.state === 'done' || job?.state === 'failed' || job?.state === 'cancelled'
const tones = { ok: 'ok', degraded: 'attention', down: 'problem', pending: 'info' } as const

/** Live progress: the job's phases and the parts of the cell as they come up. */
export function ProgressStep() {
  const { t } = useTranslation()
  const { answer, next } = useWizard()
  const id = answer?.job_id ?? ''
  const job = useQuery({
    queryKey: keys.job(id), queryFn: () => api.get<Job>(`/api/jobs/${encodeURIComponent(id)}`),
    refetchInterval: (q) => (ended(q.state.data) ? false : 700),
  })
  const health = useQuery({ queryKey: keys.health, queryFn: () => api.get<Health>('/health'), refetchInterval: ended(job.data) ? false : 1500 })
  const done = job.data?.state === 'done'
  useEffect(() => {
    if (!done) return
    const timer = setTimeout(next, 800)
    return () => clearTimeout(timer)
  }, [done, next])
  return (
    <form className="flex flex-col gap-5" onSubmit={(e) => { e.preventDefault(); next() }} data-testid="setup-progress">
      <p>{t('setup.progressLead')}</p>
      <Card><QueryState query={job}>{(data) => <JobProgress job={data} />}</QueryState></Card>
      {health.data && health.data.components.length > 0 && (
        <ul className="flex flex-wrap gap-2">
          {health.data.components.map((c) => <li key={c.name}><StatusBadge tone={tones[c.state]} {...(c.detail ? { title: c.detail } : {})}>{t(`part.${c.name}`, { defaultValue: c.name })}: {t(`component.${c.state}`)}</StatusBadge></li>)}
        </ul>
      )}
      {ended(job.data) && <StepFooter label={done ? t('common.next') : t('setup.goOn')} />}
    </form>
  )
}
