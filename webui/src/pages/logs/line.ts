import type { LogItem } from '../../api/types'
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

/** The line's own facts in one piece of text: "resource: cell-dns, reason: it is missing". */
export const facts = (item: LogItem) =>
  Object.entries(item.fields ?? {}).map(([name, value]) => `${name}: ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`).join(', ')
