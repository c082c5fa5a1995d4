import { Ellipsis } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { NavLink } from 'react-router-dom'
import { useServices } from '../api/queries'
import { Dialog } from '../components/Dialog'
import { navFor } from './nav'
import { NavIcon } from './NavIcon'

/** The rail of a phone: the four most used pages, and the rest behind "More". */
export function BottomBar({ admin }: { admin: boolean }) {
  const { t } = useTranslation()
  const [more, setMore] = useState(false)
  const all = navFor(admin, useServices().data).flatMap((g) => g.items)
  // The cell's own pages keep their places in the bar, however many services there are.
  const first = all.filter((i) => i.name === undefined || !admin).slice(0, 4)
  const rest = all.filter((i) => !first.includes(i))
  const cell = 'flex min-h-14 min-w-0 flex-1 flex-col items-center justify-center gap-0.5 px-1 text-xs'
  return (
    <nav aria-label={t('frame.nav')} className="fixed inset-x-0 bottom-0 z-30 flex border-t border-line bg-surface md:hidden">
      {first.map((item) => (
        <NavLink key={item.to} to={item.to} end={item.to === '/' || item.to === '/services'} data-testid={`bottom-${item.testid}`}
          className={({ isActive }) => `${cell} ${isActive ? 'font-semibold text-accent' : 'text-text'}`}>
          <NavIcon item={item} size={20} /><span className="max-w-full truncate">{item.name ?? t(`${item.label}.short`, { defaultValue: t(item.label) })}</span>
        </NavLink>
      ))}
      {rest.length > 0 && (
        <button type="button" className={cell} onClick={() => setMore(true)} data-testid="bottom-more"><Ellipsis size={20} aria-hidden />{t('nav.more')}</button>
      )}
      <Dialog open={more} onClose={() => setMore(false)} title={t('nav.more')}>
        <ul>
          {rest.map((item) => (
            <li key={item.to}>
              <NavLink to={item.to} onClick={() => setMore(false)} className="flex min-h-12 items-center gap-3 text-base"><NavIcon item={item} size={20} />{item.name ?? t(item.label)}</NavLink>
            </li>
          ))}
        </ul>
      </Dialog>
    </nav>
  )
}
