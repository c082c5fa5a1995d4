import { Navigate, useSearchParams } from 'react-router-dom'

/** /settings and /settings?tab=history lead to the tab's own address. */
export function Component() {
  const [params] = useSearchParams()
  return <Navigate to={`/settings/${encodeURIComponent(params.get('tab') ?? 'account')}`} replace />
}
