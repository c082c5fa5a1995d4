import { exact, relative } from '../lib/format'
import { useNow } from '../lib/browser'

/** "3 minutes ago", exact on hover. */
export function Ago({ at }: { at: string }) {
  const now = useNow()
  return <time dateTime={at} title={exact(at)}>{relative(at, now)}</time>
}
