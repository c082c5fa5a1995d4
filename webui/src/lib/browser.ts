import { useEffect, useState, useSyncExternalStore } from 'react'

/** Copies text; on plain HTTP the clipboard interface is missing, so a hidden field does it. */
export async function copyText(text: string): Promise<void> {
  if (navigator.clipboard && isSecureContext) return navigator.clipboard.writeText(text)
  const field = document.createElement('textarea')
  field.value = text
  field.setAttribute('aria-hidden', 'true')
  field.className = 'fixed opacity-0'
  const host = document.querySelector('[role=dialog]') ?? document.body
  host.appendChild(field)
  field.select()
  const done = document.execCommand('copy')
  field.remove()
  if (!done) throw new Error('the browser does not allow copying')
}

export function downloadText(name: string, text: string, type = 'text/plain') {
  const url = URL.createObjectURL(new Blob([text], { type }))
  const a = document.createElement('a')
  a.href = url
  a.download = name
  document.body.appendChild(a)
  a.click()
  a.remove()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}

/** A file name WireGuard clients accept: their interface names allow 15 of these characters. */
export const confName = (name: string) => `${name.replace(/[^A-Za-z0-9_=+.-]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 15) || 'cell'}.conf`

export type Theme = 'auto' | 'light' | 'dark'
const dark = () => matchMedia('(prefers-color-scheme: dark)')
const themeListeners = new Set<() => void>()

export function theme(): Theme {
  const stored = read('cell.theme')
  return stored === 'light' || stored === 'dark' ? stored : 'auto'
}
export function applyTheme(next: Theme = theme()) {
  write('cell.theme', next)
  document.documentElement.classList.toggle('dark', next === 'dark' || (next === 'auto' && dark().matches))
  themeListeners.forEach((f) => f())
}
export function watchTheme() {
  dark().addEventListener('change', () => applyTheme())
}
export function useTheme(): Theme {
  return useSyncExternalStore((f) => { themeListeners.add(f); return () => { themeListeners.delete(f) } }, theme)
}
/** Changes whenever the colours on screen do. */
export function useIsDark(): boolean {
  return useSyncExternalStore((f) => { themeListeners.add(f); return () => { themeListeners.delete(f) } }, () => document.documentElement.classList.contains('dark'))
}

export function read(key: string): string | null {
  try { return localStorage.getItem(key) } catch { return null }
}
export function write(key: string, value: string) {
  try { localStorage.setItem(key, value) } catch { /* storage may be blocked: the choice lasts until reload */ }
}

/** The current time, renewed every `period` ms. */
export function useNow(period = 10_000): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), period)
    return () => clearInterval(timer)
  }, [period])
  return now
}

export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (f) => { const m = matchMedia(query); m.addEventListener('change', f); return () => m.removeEventListener('change', f) },
    () => matchMedia(query).matches,
  )
}
