import { QueryClientProvider } from '@tanstack/react-query'
import { createRoot } from 'react-dom/client'
import { RouterProvider } from 'react-router-dom'
import { setClientHooks } from './api/client'
import { keys } from './api/keys'
import { makeQueryClient } from './api/queries'
import { Toaster } from './components/Toast'
import { TooltipProvider } from './components/Tooltip'
import { startI18n } from './i18n'
import './index.css'
import { watchTheme } from './lib/browser'
import { makeRouter } from './router'

const client = makeQueryClient()
const router = makeRouter()

setClientHooks({
  unauthenticated: () => client.setQueryData(keys.session, null),
  setupNeeded: () => {
    if (router.state.location.pathname !== '/setup') void router.navigate('/setup', { replace: true })
  },
})
watchTheme()

void startI18n().then(() => {
  const root = document.getElementById('root')
  if (!root) return
  createRoot(root).render(
    <QueryClientProvider client={client}>
      <TooltipProvider delayDuration={300}>
        <RouterProvider router={router} future={{ v7_startTransition: true }} />
        <Toaster />
      </TooltipProvider>
    </QueryClientProvider>,
  )
})
