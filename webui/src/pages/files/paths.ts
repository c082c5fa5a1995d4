export const parentOf = (path: string) => path.slice(0, path.lastIndexOf('/')) || '/'
export const join = (folder: string, name: string) => `${folder === '/' ? '' : folder}/${name}`
/** "/a/b" → [["a", "/a"], ["b", "/a/b"]]. */
export const crumbs = (path: string): [string, string][] =>
  path.split('/').filter(Boolean).map((name, i, all) => [name, `/${all.slice(0, i + 1).join('/')}`])

const encoder = new TextEncoder()
/** What the service takes as a name. */
export const isName = (name: string) =>
  name !== '' && name !== '.' && name !== '..' && !/[/\u0000-\u001f\u007f]/.test(name) && encoder.encode(name).length <= 255

export type Look = 'image' | 'audio' | 'video' | 'pdf' | 'text'
const longestText = 512 * 1024
/** How a file can be shown without leaving the page; null: only downloaded. */
export function lookOf(file: { type?: string; size: number }): Look | null {
  const type = file.type?.split(';')[0] ?? ''
  if (type === 'image/svg+xml') return null
  const kind = type.split('/')[0]
  if (kind === 'image' || kind === 'audio' || kind === 'video') return kind
  if (type === 'application/pdf') return 'pdf'
  return type === 'text/plain' && file.size <= longestText ? 'text' : null
}
