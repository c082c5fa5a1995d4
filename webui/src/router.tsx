import { createBrowserRouter, Navigate } from 'react-router-dom'
import { AdminOnly } from './frame/AdminOnly'
import { Frame } from './frame/Frame'
import { RouteError } from './frame/RouteError'
import { again } from './lib/again'

/** Every page is a chunk of its own, fetched when it is first opened. */
export function makeRouter() {
  return createBrowserRouter([
    { path: '/setup', errorElement: <RouteError />, lazy: () => again(() => import('./pages/setup/SetupPage')) },
    { path: '/login', errorElement: <RouteError />, lazy: () => again(() => import('./pages/LoginPage')) },
    { path: '/enrol/:token', errorElement: <RouteError />, lazy: () => again(() => import('./pages/EnrolPage')) },
    {
      path: '/',
      element: <Frame />,
      errorElement: <RouteError />,
      children: [
        {
          errorElement: <RouteError />,
          children: [
            { path: 'peers', lazy: () => again(() => import('./pages/peers/PeersPage')) },
            { path: 'peers/:id', lazy: () => again(() => import('./pages/peers/PeerPage')) },
            { path: 'files', lazy: () => again(() => import('./pages/files/FilesPage')) },
            { path: 'services/:id', lazy: () => again(() => import('./pages/services/ServicePage')) },
            {
              element: <AdminOnly />,
              children: [
                { index: true, lazy: () => again(() => import('./pages/home/HomePage')) },
                { path: 'services', lazy: () => again(() => import('./pages/store/StorePage')) },
                { path: 'store/:id', lazy: () => again(() => import('./pages/store/StoreItemPage')) },
                { path: 'store', element: <Navigate to="/services" replace /> },
                { path: 'email', element: <Navigate to="/services/mail" replace /> },
                { path: 'network', lazy: () => again(() => import('./pages/network/NetworkPage')) },
                { path: 'wireguard', lazy: () => again(() => import('./pages/WireGuardPage')) },
                { path: 'containers', lazy: () => again(() => import('./pages/containers/ContainersPage')) },
                { path: 'logs', lazy: () => again(() => import('./pages/logs/LogsPage')) },
              ],
            },
            { path: 'settings', lazy: () => again(() => import('./pages/settings/SettingsIndex')) },
            // Health items of the proxy's certificate lead here.
            { path: 'vault', element: <Navigate to="/settings/trust" replace /> },
            { path: 'settings/:tab', lazy: () => again(() => import('./pages/settings/SettingsPage')) },
            ...(import.meta.env.DEV ? [{ path: 'dev/components', lazy: () => again(() => import('./dev/ComponentsPage')) }] : []),
            { path: '*', lazy: () => again(() => import('./pages/NotFoundPage')) },
          ],
        },
      ],
    },
  ], { future: { v7_relativeSplatPath: true } })
}
