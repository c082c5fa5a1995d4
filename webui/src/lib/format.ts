import i18n from 'i18next'

const lang = () => i18n.language || 'en'
const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte', 'petabyte'] as const
const formats = new Map<string, Intl.NumberFormat>()

/** Making a formatter costs more than using it, and a page of devices asks hundreds of times a second. */
function number(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${lang()} ${JSON.stringify(options)}`
  let made = formats.get(key)
  if (!made) formats.set(key, (made = new Intl.NumberFormat(lang(), options)))
  return made
}

function sized(n: number, suffix: '' | '-per-second'): string {
  let value = Math.max(0, n)
  let at = 0
  while (value >= 999.5 && at < units.length - 1) { value /= 1000; at++ }
  const maximumFractionDigits = at === 0 || value >= 99.5 ? 0 : 1
  return number({ style: 'unit', unit: `${units[at]}${suffix}`, maximumFractionDigits }).format(value).replace(/\bbyte\b/i, 'B')
}

/** 1234567 → "1.2 MB". Decimal units, as disks and network operators count. */
export const bytes = (n: number) => sized(n, '')
/** Bytes per second. */
export const rate = (n: number) => sized(n, '-per-second')
export const percent = (n: number) => number({ style: 'percent', maximumFractionDigits: n < 10 ? 1 : 0 }).format(n / 100)

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000], ['month', 2_592_000], ['day', 86_400], ['hour', 3600], ['minute', 60], ['second', 1],
]

let relativeFormat: [string, Intl.RelativeTimeFormat] | undefined
function relativeIn(language: string): Intl.RelativeTimeFormat {
  if (relativeFormat?.[0] !== language) relativeFormat = [language, new Intl.RelativeTimeFormat(language, { numeric: 'auto' })]
  return relativeFormat[1]
}

/** "3 minutes ago", "in 2 days". */
export function relative(iso: string, now = Date.now()): string {
  const s = Math.round((Date.parse(iso) - now) / 1000)
  const rtf = relativeIn(lang())
  for (const [unit, size] of steps) if (Math.abs(s) >= size) return rtf.format(Math.trunc(s / size), unit)
  return rtf.format(0, 'second')
}
export function exact(iso: string): string {
  return new Intl.DateTimeFormat(lang(), { dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(iso))
}
export function day(iso: string): string {
  return new Intl.DateTimeFormat(lang(), { dateStyle: 'medium' }).format(new Date(iso))
}
/** 93784 → "1 day 2 hours": the two largest parts. */
export function duration(seconds: number): string {
  const parts: string[] = []
  let rest = Math.max(0, Math.floor(seconds))
  for (const [unit, size] of steps) {
    const n = Math.floor(rest / size)
    if (n === 0 && !(unit === 'second' && parts.length === 0)) continue
    parts.push(number({ style: 'unit', unit, unitDisplay: 'long' }).format(n))
    rest -= n * size
    if (parts.length === 2) break
  }
  return parts.join(' ')
}
/** Clock offsets: 0.000123 → "0.12 ms". */
export function offset(seconds: number): string {
  const abs = Math.abs(seconds)
  const f = (n: number, unit: string) => `${number({ maximumSignificantDigits: 3, signDisplay: 'exceptZero' }).format(n)} ${unit}`
  if (abs < 1e-3) return f(seconds * 1e6, 'µs')
  if (abs < 1) return f(seconds * 1e3, 'ms')
  return f(seconds, 's')
}

/** The server writes its messages as parts of a sentence; here they begin one. */
export const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
