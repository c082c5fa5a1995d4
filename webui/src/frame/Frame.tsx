import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Navigate, Outlet, ScrollRestoration, useLocation, useNavigation } from 'react-router-dom'
import { sessionHasEnded } from '../api/client'
import { openEvents } from '../api/events'
import { useSession } from '../api/queries'
import { ErrorState } from '../components/ErrorState'
import { Skeleton } from '../components/layout'
import { BottomBar } from './BottomBar'
import { CommandPalette } from './CommandPalette'
import { JobsDrawer } from './JobsDrawer'
import { OfflineBanner } from './OfflineBanner'
import { Rail } from './Rail'
import { TopBar } from './TopBar'

/** What stands around every page once somebody is logged in. */
export function Frame() {
  const session = useSession()
  const location = useLocation()
  if (session.isPending) return <div className="p-6"><Skeleton rows={4} /></div>
  if (session.isError) return <main className="p-4"><ErrorState error={session.error} onRetry={() => void session.refetch()} /></main>
  if (!session.data) {
    const next = location.pathname + location.search
    return <Navigate to={next === '/' ? '/login' : `/login?next=${encodeURIComponent(next)}`} state={{ ended: sessionHasEnded() }} replace />
  }
  return <Inside admin={session.data.user.role === 'admin'} name={session.data.user.name} />
}

function Inside({ admin, name }: { admin: boolean; name: string }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const location = useLocation()
  const busy = useNavigation().state === 'loading'
  const main = useRef<HTMLElement>(null)
  const seen = useRef(location.pathname)
  const [palette, setPalette] = useState(false)
  const [jobs, setJobs] = useState(false)

  useEffect(() => openEvents(client), [client])
  useEffect(() => {
    const onKey = (e: KeyboardEvent) => {
      if ((e.ctrlKey || e.metaKey) && e.key.toLowerCase() === 'k') {
        e.preventDefault()
        setPalette(true)
      }
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [])

  // A new page begins at its content, for the keyboard and for screen readers too.
  useEffect(() => {
    if (seen.current === location.pathname) return
    seen.current = location.pathname
    main.current?.focus({ preventScroll: true })
  }, [location.pathname])

  return (
    <div className="flex min-h-dvh">
      <a href="#main" className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded focus:bg-surface focus:p-2">{t('frame.skip')}</a>
      <Rail admin={admin} />
      <div className="flex min-w-0 flex-1 flex-col">
        <TopBar admin={admin} name={name} onPalette={() => setPalette(true)} onJobs={() => setJobs(!jobs)} />
        <OfflineBanner />
        <main ref={main} id="main" tabIndex={-1} aria-busy={busy} className="min-w-0 flex-1 px-4 py-5 pb-24 outline-none md:px-6 md:pb-10">
          <Outlet />
        </main>
      </div>
      <BottomBar admin={admin} />
      {admin && <JobsDrawer open={jobs} onOpen={setJobs} />}
      {palette && <CommandPalette admin={admin} onClose={() => setPalette(false)} />}
      <ScrollRestoration />
    </div>
  )
}
