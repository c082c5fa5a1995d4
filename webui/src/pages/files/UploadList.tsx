import { RotateCw, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button, IconButton } from '../../components/Button'
import { Card } from '../../components/layout'
import { useProblemText } from '../../components/ErrorState'
import { StatusBadge, type Tone } from '../../components/StatusBadge'
import { bytes } from '../../lib/format'
import { useUploads, type UploadJob, type Uploads, type UploadState } from './uploads'

const tones: Record<UploadState, Tone> = { waiting: 'neutral', running: 'info', pausing: 'attention', done: 'ok', failed: 'problem', exists: 'attention' }

/** What is on its way, and what did not get there. */
export function UploadList({ uploads }: { uploads: Uploads }) {
  const { t } = useTranslation()
  const jobs = useUploads(uploads)
  if (jobs.length === 0) return null
  return (
    <Card data-testid="uploads">
      <div className="mb-2 flex items-center gap-2">
        <h2 className="flex-1 text-sm font-semibold">{t('files.uploads')}</h2>
        {jobs.some((j) => j.state === 'done') && <Button variant="ghost" onClick={() => uploads.clear()} data-testid="uploads-clear">{t('files.clear')}</Button>}
      </div>
      <ul className="flex max-h-72 flex-col gap-3 overflow-y-auto" tabIndex={0} aria-label={t('files.uploads')}>{jobs.map((j) => <Row key={j.key} job={j} uploads={uploads} />)}</ul>
    </Card>
  )
}

function Row({ job, uploads }: { job: UploadJob; uploads: Uploads }) {
  const { t } = useTranslation()
  const problem = useProblemText(job.error)
  const isOver = job.state === 'failed' || job.state === 'exists'
  return (
    <li className="text-sm" data-testid={`upload-${job.name}`} data-state={job.state}>
      <div className="flex flex-wrap items-center gap-2">
        <span className="min-w-0 flex-1 break-all">{job.path}</span>
        <span className="text-xs whitespace-nowrap text-muted">{bytes(job.sent)} / {bytes(job.size)}</span>
        <StatusBadge tone={tones[job.state]}>{t(`files.upload.${job.state}`)}</StatusBadge>
        {job.state === 'failed' && <IconButton icon={RotateCw} label={t('error.retry')} onClick={() => uploads.retry(job.key)} />}
        {job.state === 'exists' && <Button onClick={() => uploads.retry(job.key, true)} data-testid={`upload-replace-${job.name}`}>{t('files.replace')}</Button>}
        {job.state !== 'done' && <IconButton icon={X} label={t('files.cancelUpload', { name: job.name })} onClick={() => uploads.drop(job.key)} />}
      </div>
      {job.state !== 'done' && !isOver && <progress max={job.size || 1} value={job.sent} aria-label={job.name} className="job-bar mt-1 h-1.5 w-full" />}
      {job.state === 'failed' && <p className="text-xs text-problem">{problem.what} {problem.todo}</p>}
    </li>
  )
}
