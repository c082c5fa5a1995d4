import { ApiError } from '../api/client'
import type { Job } from '../api/types'
import { ErrorNote, ErrorState } from '../components/ErrorState'
import { JobProgress } from '../components/JobProgress'
import { Card, Section, Skeleton } from '../components/layout'

const error = new ApiError({ type: 'urn:cell:problem:engine_down', title: 'Temporarily not available', status: 503, detail: 'the container engine does not answer', hint: 'start it with: systemctl start docker', request_id: 'r-1' })
const job = (over: Partial<Job>): Job => ({
  id: 'j', kind: 'setup', title: 'Setting up the cell', state: 'running', progress: 0.42, actor: 'anna', target: 'cell', created_at: new Date().toISOString(),
  phases: [{ name: 'Creating the certificate authority', state: 'done', done: 1, total: 1, unit: '' }, { name: 'Starting DNS', state: 'running', done: 12, total: 40, unit: 'MB' }, { name: 'Starting the proxy', state: 'queued', done: 0, total: 1, unit: '' }], ...over,
})

export function Feedback() {
  return (
    <div className="flex flex-col gap-6">
      <Section title="Skeleton"><Skeleton rows={2} /></Section>
      <Section title="ErrorState"><ErrorState error={error} onRetry={() => undefined} /></Section>
      <Section title="ErrorNote"><ErrorNote error={error} /></Section>
      <Section title="JobProgress">
        <div className="grid items-start gap-4 md:grid-cols-2">
          <Card><JobProgress job={job({ id: 'running' })} /></Card>
          <Card><JobProgress job={job({ id: 'failed', state: 'failed', phases: [{ name: 'Starting', state: 'failed', done: 0, total: 1, unit: '' }], error: { code: 'port_taken', message: 'the container could not be started', cause: 'port 123 is in use by chronyd', fix: 'stop chronyd on this machine' } })} /></Card>
        </div>
      </Section>
    </div>
  )
}
