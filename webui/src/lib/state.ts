import type { Tone } from '../components/StatusBadge'

const tones: Record<string, Tone> = {
  ok: 'ok', up: 'ok', running: 'ok', healthy: 'ok', synchronised: 'ok', in_sync: 'ok',
  degraded: 'attention', paused: 'attention', restarting: 'attention', changed: 'attention', different: 'attention', unhealthy: 'problem',
  down: 'problem', dead: 'problem', missing: 'problem',
  pending: 'info', starting: 'info', created: 'info',
}
/** Words the server uses for the state of a part, to one of the meanings. */
export const serviceTone = (state: string): Tone => tones[state] ?? 'neutral'
