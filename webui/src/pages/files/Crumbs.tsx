import { ChevronRight, House } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import { crumbs } from './paths'

export const folderLink = (path: string) => (path === '/' ? '/files' : `/files?path=${encodeURIComponent(path)}`)

/** Where one is, with a way back to each folder above. */
export function Crumbs({ path }: { path: string }) {
  const { t } = useTranslation()
  const all = crumbs(path)
  const link = 'inline-flex min-h-8 items-center rounded px-1.5 hover:bg-sunken'
  return (
    <nav aria-label={t('files.where')} className="min-w-48 flex-1 max-sm:basis-full" data-testid="files-crumbs">
      <ol className="flex flex-wrap items-center text-sm">
        <li><Link to="/files" className={`${link} gap-1.5`} aria-current={path === '/' ? 'page' : undefined}><House size={15} aria-hidden />{t('files.root')}</Link></li>
        {all.map(([name, at]) => (
          <li key={at} className="inline-flex min-w-0 items-center"><ChevronRight size={14} className="text-muted" aria-hidden /><Link to={folderLink(at)} className={`${link} break-all ${at === path ? 'font-semibold' : ''}`} aria-current={at === path ? 'page' : undefined}>{name}</Link></li>
        ))}
      </ol>
    </nav>
  )
}
