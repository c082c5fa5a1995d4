import { useJobs } from '../../api/queries'
import type { Job, Service, ServiceState } from '../../api/types'
import type { Tone } from '../../components/StatusBadge'

export const stateTone: Record<ServiceState, Tone> = {
  running: 'ok', starting: 'info', stopped: 'neutral', failed: 'problem', updating: 'info', installing: 'info', quarantined: 'problem',
}

export const isActive = (job: Job) => job.state === 'running' || job.state === 'queued'

/** Jobs say what they work on as "service:calendar". */
const isFor = (job: Job, id: string) => job.target === `service:${id}`

/** The newest job of a service, as long as it runs or has failed and was not dismissed. */
export function jobOf(jobs: readonly Job[] | undefined, id: string): Job | undefined {
  const newest = (jobs ?? []).filter((j) => isFor(j, id)).reduce<Job | undefined>((a, b) => (a && a.created_at >= b.created_at ? a : b), undefined)
  return newest && (isActive(newest) || newest.state === 'failed') ? newest : undefined
}
export const useServiceJob = (id: string, enabled = true) => jobOf(useJobs(enabled).data, id)

/** Addresses come from packages: only what a browser opens as a page becomes a link. */
export const isWebAddress = (url: string | null | undefined): url is string => !!url && /^https?:\/\//i.test(url)

/** A person's part of the cell: what they have an account of. */
export const forPerson = (services: readonly Service[] | undefined, admin: boolean) => (services ?? []).filter((s) => admin || s.accounts !== null)

export const servicePath = (id: string) => `/api/services/${encodeURIComponent(id)}`
