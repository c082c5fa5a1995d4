import { useTranslation } from 'react-i18next'
import type { Job } from '../api/types'
import { percent, sentence } from '../lib/format'
import { StatusBadge, type Tone } from './StatusBadge'

export const jobTone: Record<Job['state'], Tone> = { queued: 'neutral', running: 'info', done: 'ok', failed: 'problem', cancelled: 'attention' }

function phaseTone(state: string): Tone {
  if (state === 'done') return 'ok'
  if (state === 'failed') return 'problem'
  return state === 'running' ? 'info' : 'neutral'
}

/** One job: its bar, its phases, and when it failed what happened, why, and what to do. */
export function JobProgress({ job, phases = true }: { job: Job; phases?: boolean }) {
  const { t } = useTranslation()
  const value = job.state === 'done' ? 1 : job.progress
  return (
    <div className="flex flex-col gap-2" data-testid={`job-${job.id}`} data-state={job.state}>
      <div className="flex flex-wrap items-center gap-2 text-sm">
        <span className="min-w-0 flex-1 font-medium">{job.title}</span>
        <StatusBadge tone={jobTone[job.state]}>{t(`job.${job.state}`)}</StatusBadge>
        <span className="w-12 text-right">{percent(Math.floor(value * 100))}</span>
      </div>
      <progress max={1} value={value} aria-label={job.title} className="job-bar h-1.5 w-full" />
      {phases && job.phases.length > 0 && (
        <ul className="flex flex-col gap-1.5">
          {job.phases.map((p) => (
            <li key={p.name} className="flex items-center gap-2 text-sm">
              <span className="min-w-0 flex-1">{p.name}</span>
              {p.total > 1 && <span className="text-xs text-muted">{p.done} / {p.total} {p.unit}</span>}
              <StatusBadge tone={phaseTone(p.state)}>{t(`phase.${p.state}`, { defaultValue: p.state })}</StatusBadge>
            </li>
          ))}
        </ul>
      )}
      {job.error && (
        <div role="alert" className="rounded-md border border-problem bg-problem-soft p-3 text-sm">
          <p className="font-medium text-problem">{sentence(job.error.message)}</p>
          {job.error.cause && <p>{t('job.cause', { text: job.error.cause })}</p>}
          {job.error.fix && <p>{t('job.fix', { text: job.error.fix })}</p>}
        </div>
      )}
    </div>
  )
}
