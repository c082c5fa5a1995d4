import { useQuery } from '@tanstack/react-query'
import { api } from '../../api/client'
import { keys } from '../../api/keys'
import { useLanguage } from '../../api/queries'
import type { StoreDetail, StoreIndex } from '../../api/types'

export function useStore(enabled = true) {
  const language = useLanguage()
  return useQuery({ queryKey: keys.storeIndex(language), enabled, queryFn: () => api.get<StoreIndex>('/api/store/index', { query: { language } }) })
}

export function useStoreItem(id: string, enabled = true) {
  const language = useLanguage()
  return useQuery({ queryKey: keys.storeItem(id, language), enabled, queryFn: () => api.get<StoreDetail>(`/api/store/items/${encodeURIComponent(id)}`, { query: { language } }) })
}
