import * as D from '@radix-ui/react-dialog'
import { Globe, KeySquare, LogOut, PackagePlus, Plug, Plus, Smartphone, SunMoon, UserRound, type LucideIcon } from 'lucide-react'
import { useDeferredValue, useId, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router-dom'
import { usePeers, useServices } from '../api/queries'
import { applyTheme, theme } from '../lib/browser'
import { useStore } from '../pages/store/queries'
import { navFor } from './nav'
import { useLogout } from './PersonMenu'

interface Command { id: string; label: string; hint: string; icon: LucideIcon; run: () => void }

function useCommands(admin: boolean): Command[] {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const logout = useLogout()
  const peers = usePeers().data
  const services = useServices().data
  const packages = useStore(admin).data?.items
  return useMemo(() => {
    const pages = navFor(admin, services).flatMap((g) => g.items).map((i) => ({ id: i.to, label: i.name ?? t(i.label), hint: t(i.name === undefined ? 'palette.page' : 'palette.service'), icon: i.icon, run: () => navigate(i.to) }))
    const devices = (peers ?? []).map((p) => ({ id: p.id, label: p.name, hint: t('palette.device'), icon: Smartphone, run: () => navigate(`/peers/${p.id}`) }))
    const hint = t('palette.action')
    const acts: Command[] = [
      { id: 'add-device', label: t('peers.add'), hint, icon: Plus, run: () => navigate('/peers?dialog=add') },
      ...(admin ? [
        { id: 'people', label: t('people.title'), hint: t('palette.page'), icon: UserRound, run: () => navigate('/peers?tab=people') },
        { id: 'dns-add', label: t('dns.add'), hint, icon: Globe, run: () => navigate('/network?dialog=add') },
        ...(packages ?? []).filter((p) => p.state === 'available').map((p) => ({ id: `install ${p.id}`, label: t('store.installTitle', { name: p.name }), hint, icon: PackagePlus, run: () => navigate(`/store/${encodeURIComponent(p.id)}?dialog=install`) })),
        { id: 'source-add', label: t('source.add'), hint, icon: PackagePlus, run: () => navigate('/services?tab=sources&dialog=source') },
        { id: 'plugins', label: t('settings.plugins'), hint: t('palette.page'), icon: Plug, run: () => navigate('/settings/plugins') },
        { id: 'token-add', label: t('tokens.add'), hint, icon: KeySquare, run: () => navigate('/settings/tokens?dialog=add') },
      ] : []),
      { id: 'theme', label: t('palette.theme'), hint, icon: SunMoon, run: () => applyTheme(theme() === 'dark' ? 'light' : 'dark') },
      { id: 'logout', label: t('frame.logout'), hint, icon: LogOut, run: () => void logout() },
    ]
    return [...pages, ...acts, ...devices]
  }, [admin, t, navigate, peers, services, packages])
}

function matching(commands: Command[], text: string): Command[] {
  const wanted = text.trim().toLowerCase()
  return commands.filter((c) => c.label.toLowerCase().includes(wanted)).slice(0, 12)
}

export function CommandPalette({ admin, onClose }: { admin: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  const id = useId()
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const commands = useCommands(admin)
  // What is typed shows at once; the list may come a moment later.
  const shown = useDeferredValue(text)
  const found = useMemo(() => matching(commands, shown), [commands, shown])
  const current = Math.min(at, found.length - 1)
  const run = (c: Command | undefined) => {
    if (!c) return
    onClose()
    c.run()
  }
  return (
    <D.Root open onOpenChange={onClose}>
      <D.Portal>
        <D.Overlay className="fade-in fixed inset-0 z-40 bg-black/45" />
        <D.Content aria-describedby={undefined} data-testid="palette" className="fade-in fixed top-[12vh] left-1/2 z-50 w-[calc(100vw-2rem)] max-w-xl -translate-x-1/2 overflow-hidden rounded-xl border border-strong bg-surface">
          <D.Title className="sr-only">{t('palette.open')}</D.Title>
          <input autoFocus value={text} placeholder={t('palette.placeholder')} aria-label={t('palette.placeholder')} data-testid="palette-input"
            role="combobox" aria-expanded aria-controls={`${id}-list`} aria-activedescendant={found[current] ? `${id}-${current}` : undefined}
            className="w-full border-b border-line bg-surface px-4 py-3 text-base outline-none"
            onChange={(e) => { setText(e.target.value); setAt(0) }}
            onKeyDown={(e) => {
              if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
                e.preventDefault()
                setAt((current + (e.key === 'ArrowDown' ? 1 : -1) + found.length) % Math.max(1, found.length))
              } else if (e.key === 'Enter') run(shown === text ? found[current] : matching(commands, text)[0])
            }} />
          <ul role="listbox" id={`${id}-list`} aria-label={t('palette.open')} className="max-h-[50vh] overflow-y-auto p-1.5">
            {found.map((c, i) => (
              <li key={c.id} id={`${id}-${i}`} role="option" aria-selected={i === current} onClick={() => run(c)} onMouseMove={() => setAt(i)}
                className={`flex min-h-10 cursor-pointer items-center gap-3 rounded-md px-3 text-sm ${i === current ? 'bg-accent-soft' : ''}`}>
                <c.icon size={16} aria-hidden /><span className="min-w-0 flex-1 truncate">{c.label}</span><span className="text-xs text-muted">{c.hint}</span>
              </li>
            ))}
          </ul>
          {found.length === 0 && <p className="px-4 py-3 text-sm text-muted">{t('palette.none')}</p>}
        </D.Content>
      </D.Portal>
    </D.Root>
  )
}
