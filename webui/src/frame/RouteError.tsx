import { useRouteError } from 'react-router-dom'
import { ErrorState } from '../components/ErrorState'

/** A page that broke, or a chunk that is gone because the cell was updated: loading again helps both. */
export function RouteError() {
  return <main className="p-4"><ErrorState error={useRouteError()} onRetry={() => location.reload()} /></main>
}
