import { ListChecks, Search } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useDashboard, useHealth, useJobs } from '../api/queries'
import { Button, IconButton } from '../components/Button'
import { useMedia } from '../lib/browser'
import { HealthSentence } from './HealthSentence'
import { PersonMenu } from './PersonMenu'

export function TopBar({ admin, name, onPalette, onJobs }: { admin: boolean; name: string; onPalette: () => void; onJobs: () => void }) {
  const { t } = useTranslation()
  const dashboard = useDashboard(admin)
  const health = useHealth()
  const jobs = useJobs(admin)
  const wide = useMedia('(min-width: 640px)')
  const running = jobs.data?.filter((j) => j.state === 'running' || j.state === 'queued').length ?? 0
  const failed = jobs.data?.filter((j) => j.state === 'failed').length ?? 0
  const cell = dashboard.data?.cell.name ?? health.data?.instance ?? ''
  return (
    <header className="sticky top-0 z-20 flex h-14 items-center gap-2 border-b border-line bg-surface px-3 md:px-6">
      <span className="max-w-20 flex-none truncate text-sm font-semibold sm:max-w-40" data-testid="cell-name">{cell}</span>
      <HealthSentence admin={admin} dashboard={dashboard.data?.health} health={health.data} failed={admin ? dashboard.isError : health.isError} />
      <span className="flex-1" />
      {wide
        ? <Button icon={Search} onClick={onPalette} data-testid="palette-open" className="!font-normal text-muted">{t('palette.open')}<kbd className="rounded border border-line px-1 font-sans text-xs">{/Mac/.test(navigator.platform) ? '⌘K' : 'Ctrl K'}</kbd></Button>
        : <IconButton icon={Search} label={t('palette.open')} onClick={onPalette} data-testid="palette-open" />}
      {admin && (
        <span className="relative">
          <IconButton icon={ListChecks} label={t('jobs.button', { count: running })} onClick={onJobs} data-testid="jobs-open" />
          {running + failed > 0 && <span aria-hidden className={`absolute top-1 right-1 size-2.5 rounded-full ${failed ? 'bg-dot-problem' : 'bg-accent'}`} />}
        </span>
      )}
      <PersonMenu name={name} />
    </header>
  )
}
