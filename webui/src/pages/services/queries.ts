import { useQuery, useQueryClient } from '@tanstack/react-query'
import { api } from '../../api/client'
import { keys } from '../../api/keys'
import { useLanguage } from '../../api/queries'
import type { AppPassword, Page, Service, ServiceAccount } from '../../api/types'
import { panelPath } from './panel'
import { servicePath } from './state'

/** One service: starts from the list's copy when there is one. */
export function useService(id: string) {
  const client = useQueryClient()
  const language = useLanguage()
  return useQuery({
    queryKey: keys.service(id, language), refetchInterval: 30_000,
    queryFn: () => api.get<Service>(servicePath(id), { query: { language } }),
    initialData: () => client.getQueryData<Service[]>(keys.serviceList(language))?.find((s) => s.id === id),
    initialDataUpdatedAt: () => client.getQueryState(keys.serviceList(language))?.dataUpdatedAt,
  })
}

export const useAppPasswords = (id: string, enabled = true) =>
  useQuery({ queryKey: keys.appPasswords(id), enabled, queryFn: async () => (await api.get<Page<AppPassword>>(`${servicePath(id)}/app-passwords`)).items })

export const useAccounts = (id: string) =>
  useQuery({ queryKey: keys.accounts(id), queryFn: async () => (await api.get<Page<ServiceAccount>>(`${servicePath(id)}/accounts`)).items })

/** One person's account; the page does without where it can't be had. */
export const useAccount = (id: string, person: string, enabled: boolean) =>
  useQuery({ queryKey: keys.account(id, person), enabled, retry: false, queryFn: () => api.get<ServiceAccount>(`${servicePath(id)}/accounts/${encodeURIComponent(person)}`) })

/** What a panel of the service shows. */
export const usePanel = <T>(service: string, path: string, read: (answer: unknown) => T) =>
  useQuery({ queryKey: keys.panel(service, path), queryFn: () => api.get<unknown>(panelPath(service, path)), select: read })
