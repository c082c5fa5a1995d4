import type { Tone } from '../../components/StatusBadge'

export function levelTone(level: string): Tone {
  if (level === 'error' || level === 'critical') return 'problem'
  if (level.startsWith('warn')) return 'attention'
  return level === 'info' ? 'info' : 'neutral'
}

/** Local time; the date too when it is not today's. */
export function shortTime(iso: string): string {
  const d = new Date(iso)
  const two = (n: number) => String(n).padStart(2, '0')
  const clock = `${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}`
  return d.toDateString() === new Date().toDateString() ? clock : `${two(d.getMonth() + 1)}-${two(d.getDate())} ${clock}`
}

/** The fields in one line of text: what tells one "reconcile step done" from the next. */
export function fieldText(fields: Record<string, unknown> | undefined): string {
  return Object.entries(fields ?? {}).map(([name, v]) => `${name}=${typeof v === 'string' ? v : JSON.stringify(v)}`).join(' ')
}
