import { createBrowserRouter, Navigate } from 'react-router-dom'
import { AdminOnly } from './frame/AdminOnly'
import { Frame } from './frame/Frame'
import { RouteError } from './frame/RouteError'

/** Every page is a chunk of its own, fetched when it is first opened. */
export function makeRouter() {
  return createBrowserRouter([
    { path: '/setup', errorElement: <RouteError />, lazy: () => import('./pages/setup/SetupPage') },
    { path: '/login', errorElement: <RouteError />, lazy: () => import('./pages/LoginPage') },
    { path: '/enrol/:token', errorElement: <RouteError />, lazy: () => import('./pages/EnrolPage') },
    {
      path: '/',
      element: <Frame />,
      errorElement: <RouteError />,
      children: [
        {
          errorElement: <RouteError />,
          children: [
            { path: 'peers', lazy: () => import('./pages/peers/PeersPage') },
            { path: 'peers/:id', lazy: () => import('./pages/peers/PeerPage') },
            { path: 'files', lazy: () => import('./pages/files/FilesPage') },
            { path: 'services/:id', lazy: () => import('./pages/services/ServicePage') },
            {
              element: <AdminOnly />,
              children: [
                { index: true, lazy: () => import('./pages/home/HomePage') },
                { path: 'services', lazy: () => import('./pages/store/StorePage') },
                { path: 'store/:id', lazy: () => import('./pages/store/StoreItemPage') },
                { path: 'store', element: <Navigate to="/services" replace /> },
                { path: 'email', element: <Navigate to="/services/mail" replace /> },
                { path: 'network', lazy: () => import('./pages/network/NetworkPage') },
                { path: 'wireguard', lazy: () => import('./pages/WireGuardPage') },
                { path: 'containers', lazy: () => import('./pages/containers/ContainersPage') },
                { path: 'logs', lazy: () => import('./pages/logs/LogsPage') },
              ],
            },
            { path: 'settings', lazy: () => import('./pages/settings/SettingsIndex') },
            // Health items of the proxy's certificate lead here.
            { path: 'vault', element: <Navigate to="/settings/trust" replace /> },
            { path: 'settings/:tab', lazy: () => import('./pages/settings/SettingsPage') },
            ...(import.meta.env.DEV ? [{ path: 'dev/components', lazy: () => import('./dev/ComponentsPage') }] : []),
            { path: '*', lazy: () => import('./pages/NotFoundPage') },
          ],
        },
      ],
    },
  ], { future: { v7_relativeSplatPath: true } })
}
