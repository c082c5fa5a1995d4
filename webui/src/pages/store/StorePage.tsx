import { useMutation, useQueryClient } from '@tanstack/react-query'
import { RefreshCw } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import { keys } from '../../api/keys'
import type { Begun } from '../../api/types'
import { Button } from '../../components/Button'
import { Page } from '../../components/layout'
import { Tabs } from '../../components/Tabs'
import { toastError } from '../../components/Toast'
import { startedHere } from '../../lib/jobs'
import { useTab } from '../../lib/tab'
import { useStore } from './queries'
import { SourcesTab } from './SourcesTab'
import { StoreTab } from './StoreTab'

export function Component() {
  const { t } = useTranslation()
  const store = useStore()
  const [tab, setTab] = useTab(['store', 'sources'], 'store')
  const installed = store.data?.items.filter((i) => i.installed_version !== undefined).length ?? 0
  return (
    <Page title={t('store.title')} lead={store.data && t('store.summary', { count: store.data.items.length, installed })} actions={<Refresh />}>
      <Tabs label={t('store.title')} value={tab} onChange={setTab} tabs={[
        { value: 'store', label: t('store.all'), content: <StoreTab query={store} /> },
        { value: 'sources', label: t('store.sources'), content: <SourcesTab /> },
      ]} />
    </Page>
  )
}

function Refresh() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const refresh = useMutation({
    mutationFn: () => api.post<Begun>('/api/store/refresh'),
    onSuccess: (begun) => {
      startedHere.add(begun.job_id)
      void client.invalidateQueries({ queryKey: keys.jobs })
    },
    onError: toastError,
  })
  return <Button icon={RefreshCw} busy={refresh.isPending} onClick={() => refresh.mutate()} data-testid="store-refresh">{t('store.refresh')}</Button>
}
