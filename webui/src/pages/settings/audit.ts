import type { AuditEntry } from '../../api/types'

export type Names = ReadonlyMap<string, string>

/** "POST /api/services/{id}/x/…" are a service's own routes; what they do only the service knows. */
export const actKey = (action: string) => action.replace(/ \/api\/services\/([^/]+)\/x\/.*$/, ' /api/services/{id}/x')

const parameters = (pattern: string, path: string): string[] => {
  const parts = path.split('/')
  return pattern.split('/').flatMap((part, i) => {
    const value = parts[i]
    if (!part.startsWith('{') || value === undefined) return []
    try {
      return [decodeURIComponent(value)]
    } catch {
      return [value]
    }
  })
}

/** What it was done to: what stands in the path, by its name where it has one. Ids of what is gone stay as they are. */
export function targetOf(entry: Pick<AuditEntry, 'action' | 'target'>, names: Names): string {
  const pattern = entry.action.split(' ')[1]
  if (!pattern?.startsWith('/')) return entry.target
  return parameters(pattern, entry.target).map((p) => names.get(p) ?? p).join(', ')
}
