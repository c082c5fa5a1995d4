import { PanelLeftClose, PanelLeftOpen } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { NavLink } from 'react-router-dom'
import { useServices } from '../api/queries'
import { Logo } from '../components/Logo'
import { Tooltip } from '../components/Tooltip'
import { read, write } from '../lib/browser'
import { navFor, type NavItem } from './nav'
import { NavIcon } from './NavIcon'

export function Rail({ admin }: { admin: boolean }) {
  const { t } = useTranslation()
  const [narrow, setNarrow] = useState(read('cell.rail') === 'narrow')
  const toggle = () => {
    setNarrow(!narrow)
    write('cell.rail', narrow ? 'wide' : 'narrow')
  }
  const services = useServices().data
  const words = (item: NavItem) => item.name ?? t(item.label)
  const Fold = narrow ? PanelLeftOpen : PanelLeftClose
  return (
    <nav aria-label={t('frame.nav')} className={`sticky top-0 hidden h-dvh flex-none flex-col border-r border-line bg-surface md:flex ${narrow ? 'w-14' : 'w-56'}`}>
      <div className="flex h-14 items-center gap-2 px-3.5"><Logo />{!narrow && <span className="text-sm leading-tight font-semibold">{t('app.short')}</span>}</div>
      <div className="flex-1 overflow-y-auto px-2 py-2">
        {navFor(admin, services).map((group, i) => (
          <div key={group.label ?? i} className="mb-3">
            {group.label && (narrow ? <hr className="mx-2 mb-2 border-line" /> : <div className="px-2 pb-1 text-xs text-muted">{t(group.label)}</div>)}
            {group.items.map((item) => {
              const link = (
                <NavLink key={item.to} to={item.to} end={item.to === '/' || item.to === '/services'} data-testid={item.testid} aria-label={narrow ? words(item) : undefined}
                  className={({ isActive }) => `mb-0.5 flex min-h-9 items-center gap-3 rounded-md px-2 text-sm ${isActive ? 'bg-accent-soft font-semibold text-accent' : 'hover:bg-sunken'}`}>
                  <NavIcon item={item} size={18} />{!narrow && <span className="min-w-0 truncate">{words(item)}</span>}
                </NavLink>
              )
              return narrow ? <Tooltip key={item.to} text={words(item)}>{link}</Tooltip> : link
            })}
          </div>
        ))}
      </div>
      <button type="button" onClick={toggle} aria-expanded={!narrow} aria-label={t(narrow ? 'frame.unfold' : 'frame.fold')} className="m-2 flex min-h-9 items-center gap-3 rounded-md px-2 text-sm text-muted hover:bg-sunken">
        <Fold size={18} aria-hidden />{!narrow && t('frame.fold')}
      </button>
    </nav>
  )
}
