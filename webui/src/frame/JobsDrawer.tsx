import { useQueryClient } from '@tanstack/react-query'
import { ScrollText, X } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../api/client'
import { keys } from '../api/keys'
import { useJobs } from '../api/queries'
import type { Job } from '../api/types'
import { Button, IconButton, LinkButton } from '../components/Button'
import { ErrorState } from '../components/ErrorState'
import { JobProgress } from '../components/JobProgress'
import { Ago } from '../components/Time'
import { toastError } from '../components/Toast'
import { startedHere } from '../lib/jobs'

const active = (j: Job) => j.state === 'running' || j.state === 'queued'

export function JobsDrawer({ open, onOpen }: { open: boolean; onOpen: (open: boolean) => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const jobs = useJobs()
  const shown = useRef(new Set<string>())

  // Opens by itself for what was started in this window, once per job.
  useEffect(() => {
    for (const j of jobs.data ?? []) {
      if (startedHere.has(j.id) && !shown.current.has(j.id)) {
        shown.current.add(j.id)
        onOpen(true)
      }
    }
  }, [jobs.data, onOpen])

  const act = async (path: string, method: 'post' | 'delete') => {
    try {
      await (method === 'post' ? api.post(path) : api.delete(path))
      await client.invalidateQueries({ queryKey: keys.jobs })
    } catch (error) {
      toastError(error)
    }
  }
  if (!open) return null
  const list = [...(jobs.data ?? [])].sort((a, b) => b.created_at.localeCompare(a.created_at))
  return (
    <section aria-label={t('jobs.title')} data-testid="jobs-drawer" className="fade-in fixed inset-x-0 bottom-14 z-30 flex max-h-[55dvh] flex-col border-t border-strong bg-surface md:bottom-0 md:left-auto md:right-4 md:w-[28rem] md:rounded-t-lg md:border-x">
      <header className="flex items-center border-b border-line py-1 pr-2 pl-4">
        <h2 className="flex-1 text-sm font-semibold">{t('jobs.title')}</h2>
        <IconButton icon={X} label={t('common.close')} onClick={() => onOpen(false)} data-testid="jobs-close" />
      </header>
      <div className="overflow-y-auto p-4" tabIndex={0} role="group" aria-label={t('jobs.title')}>
        {jobs.isError && <ErrorState error={jobs.error} onRetry={() => void jobs.refetch()} />}
        {jobs.data && list.length === 0 && <p className="text-sm text-muted">{t('jobs.empty')}</p>}
        <ul className="flex flex-col gap-4">
          {list.map((j) => (
            <li key={j.id}>
              <JobProgress job={j} phases={active(j) || j.state === 'failed'} />
              <div className="mt-1 flex items-center gap-2 text-xs text-muted">
                <span className="flex-1"><Ago at={j.created_at} />{j.actor ? ` · ${j.actor}` : ''}</span>
                {active(j)
                  ? <Button variant="ghost" className="!min-h-8" onClick={() => void act(`/api/jobs/${j.id}/cancel`, 'post')}>{t('jobs.cancel')}</Button>
                  : (
                    <>
                      {j.state === 'failed' && <LinkButton to={`/logs?q=${encodeURIComponent(j.id)}`} variant="ghost" icon={ScrollText} className="!min-h-8">{t('jobs.log')}</LinkButton>}
                      <Button variant="ghost" className="!min-h-8" onClick={() => void act(`/api/jobs/${j.id}`, 'delete')}>{t('jobs.dismiss')}</Button>
                    </>
                  )}
              </div>
            </li>
          ))}
        </ul>
      </div>
    </section>
  )
}
