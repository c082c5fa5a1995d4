import { useState, useSyncExternalStore } from 'react'

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

/** One timer for everything that shows how long ago something was: a table of a hundred rows is drawn once, not a hundred times. */
class Ticker {
  private readonly listeners = new Set<() => void>()
  private timer: ReturnType<typeof setInterval> | undefined
  private now = Date.now()
  constructor(private readonly period: number) {}
  readonly subscribe = (listener: () => void) => {
    if (this.listeners.size === 0) {
      this.timer = setInterval(() => { this.now = Date.now(); this.listeners.forEach((f) => f()) }, this.period)
    }
    this.listeners.add(listener)
    return () => {
      this.listeners.delete(listener)
      if (this.listeners.size === 0) clearInterval(this.timer)
    }
  }
  readonly time = () => this.now
}
const tickers = new Map<number, Ticker>()

/** The current time, renewed every `period` ms. */
export function useNow(period = 10_000): number {
  const ticker = tickers.get(period) ?? new Ticker(period)
  tickers.set(period, ticker)
  const [begun] = useState(Date.now)
  // What is drawn between two ticks must not think that something of this moment is yet to come.
  return Math.max(begun, useSyncExternalStore(ticker.subscribe, ticker.time))
}

export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (f) => { const m = matchMedia(query); m.addEventListener('change', f); return () => m.removeEventListener('change', f) },
    () => matchMedia(query).matches,
  )
}
