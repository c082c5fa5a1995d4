import type { TFunction } from 'i18next'

export type Reach = 'none' | 'read' | 'write'

/** "peers:read" → "Devices: read". A part that has no word yet keeps its own. */
export function scopeText(t: TFunction, scope: string): string {
  if (scope === '*') return t('tokens.everything')
  const [part = '', reach = ''] = scope.split(':')
  return t('tokens.scope', { part: t(`scope.${part}`, { defaultValue: part }), reach: t(`tokens.reach.${reach}`, { defaultValue: reach }) })
}

/** What was chosen per part, as the API writes it. */
export const toScopes = (reach: Record<string, Reach>): string[] =>
  Object.entries(reach).filter(([, r]) => r !== 'none').map(([part, r]) => `${part}:${r}`).sort()
