import { Navigate, Outlet } from 'react-router-dom'
import { useIsAdmin } from '../api/queries'

/** Leads others to their devices: a link to a page that is not theirs should not end at a refusal. */
export function AdminOnly() {
  return useIsAdmin() ? <Outlet /> : <Navigate to="/peers" replace />
}
