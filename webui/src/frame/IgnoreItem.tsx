import { useMutation, useQueryClient } from '@tanstack/react-query'
import { BellOff } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { api } from '../api/client'
import { keys } from '../api/keys'
import type { Body, Dashboard, HealthItem } from '../api/types'
import { Button } from '../components/Button'
import { Menu, MenuItem } from '../components/Menu'
import { toastError } from '../components/Toast'
import { seconds } from '../lib/time'

const spans = [1, 7, 30] as const

/** Sets until when an item is left out of the count; null brings it back. */
function useIgnore(item: HealthItem) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (until: string | null) => api.post(`/api/dashboard/items/${encodeURIComponent(item.id)}/ignore`, { until } satisfies Body<'/api/dashboard/items/{id}/ignore', 'post'>),
    onSuccess: (_answer, until) => {
      client.setQueryData<Dashboard>(keys.dashboard, (old) => old && {
        ...old, health: { ...old.health, items: old.health.items.map((i) => (i.id === item.id ? { ...i, ignore_until: until } : i)) },
      })
      void client.invalidateQueries({ queryKey: keys.dashboard })
    },
    onError: toastError,
  })
}

export function IgnoreMenu({ item }: { item: HealthItem }) {
  const { t } = useTranslation()
  const ignore = useIgnore(item)
  return (
    <Menu trigger={<Button variant="ghost" icon={BellOff} busy={ignore.isPending} aria-label={t('health.ignoreItem', { title: item.title })} data-testid={`health-ignore-${item.id}`}>{t('health.ignore')}</Button>}>
      {spans.map((days) => (
        <MenuItem key={days} testid={`health-ignore-${days}`} onSelect={() => ignore.mutate(seconds(Date.now() + days * 86_400_000))}>{t('health.ignoreDays', { count: days })}</MenuItem>
      ))}
    </Menu>
  )
}

export function StopIgnoring({ item }: { item: HealthItem }) {
  const { t } = useTranslation()
  const ignore = useIgnore(item)
  return <Button busy={ignore.isPending} onClick={() => ignore.mutate(null)} data-testid={`health-heed-${item.id}`}>{t('health.heed')}</Button>
}
