import { QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ApiError, api, getAll, loseSession, rememberSession } from './client'
import { keys } from './keys'
import type { Container, ContainerStats, Dashboard, Exit, Health, Job, Page, Peer, PeerPatch, Person, Service, Session } from './types'

export function makeQueryClient() {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        // A refused request stays refused; only a lost connection or a stumbling server is worth another try.
        retry: (count, error) => count < 2 && !(error instanceof ApiError && error.status > 0 && error.status < 500),
        refetchOnWindowFocus: true,
      },
    },
  })
}

export async function fetchSession(): Promise<Session | null> {
  try {
    const session = await api.get<Session>('/api/auth/session', { quiet401: true })
    rememberSession(session)
    return session
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) {
      loseSession()
      return null
    }
    throw error
  }
}

/**
 * Puts another person, or nobody, in the place of who is logged in, and drops what was seen before. The session's own
 * entry stays: the pages watch it, and would not hear of one that is made anew.
 */
export function changePerson(client: QueryClient, session: Session | null) {
  rememberSession(session)
  client.setQueryData(keys.session, session)
  client.removeQueries({ predicate: (q) => q.queryKey[0] !== keys.session[0] })
}

export const useSession = () => useQuery({ queryKey: keys.session, queryFn: fetchSession, staleTime: 60_000 })
export const useIsAdmin = () => useSession().data?.user.role === 'admin'
export const useHealth = () => useQuery({ queryKey: keys.health, queryFn: () => api.get<Health>('/health'), staleTime: 30_000 })
export const useDashboard = (enabled = true) =>
  useQuery({ queryKey: keys.dashboard, queryFn: () => api.get<Dashboard>('/api/dashboard'), refetchInterval: 60_000, enabled })

export const usePeers = (enabled = true) =>
  useQuery({
    queryKey: keys.peers, queryFn: ({ signal }) => getAll<Peer>('/api/peers', signal, 1000), enabled,
    // Comparing a thousand devices deeply, with every batch of rates, costs more than drawing the few on screen.
    structuralSharing: false,
  })
export const usePeople = (enabled = true) =>
  useQuery({ queryKey: keys.people, queryFn: ({ signal }) => getAll<Person>('/api/people', signal, 1000), enabled })
export const useJobs = (enabled = true) =>
  useQuery({ queryKey: keys.jobs, queryFn: async () => (await api.get<Page<Job>>('/api/jobs')).items, enabled })
export const useContainers = (enabled = true) =>
  useQuery({ queryKey: keys.containers, queryFn: () => getAll<Container>('/api/containers'), enabled })
export const useContainerStats = () =>
  useQuery({ queryKey: keys.containerStats, queryFn: async () => (await api.get<Page<ContainerStats>>('/api/containers/stats')).items, refetchInterval: 5_000 })

/** The language that texts of packages are wanted in. */
export const useLanguage = () => useTranslation().i18n.language

/** Every service that is installed; for a person those that they have an account of. The rail shows them. */
export function useServices(enabled = true) {
  const language = useLanguage()
  return useQuery({
    queryKey: keys.serviceList(language), staleTime: 60_000, enabled,
    queryFn: async () => (await api.get<Page<Service>>('/api/services', { query: { language } })).items,
  })
}

/** The ways to the internet that devices can be sent through, beside the cell's own. */
export function useExits(enabled = true) {
  const language = useLanguage()
  return useQuery({
    queryKey: keys.exits(language), enabled,
    queryFn: async () => (await api.get<Page<Exit>>('/api/exits', { query: { language } })).items,
  })
}

/** One peer: starts from the list's copy when there is one. */
export function usePeer(id: string, poll = false) {
  const client = useQueryClient()
  return useQuery({
    queryKey: keys.peer(id),
    queryFn: () => api.get<Peer>(`/api/peers/${encodeURIComponent(id)}`),
    initialData: () => client.getQueryData<Peer[]>(keys.peers)?.find((p) => p.id === id),
    initialDataUpdatedAt: () => client.getQueryState(keys.peers)?.dataUpdatedAt,
    refetchInterval: poll ? 5_000 : false,
  })
}

/** PATCH of a peer, shown at once and taken back when the server refuses. */
export function usePatchPeer(id: string) {
  const client = useQueryClient()
  const put = (next: Peer) => {
    client.setQueryData<Peer[]>(keys.peers, (old) => old?.map((p) => (p.id === id ? next : p)))
    client.setQueryData<Peer>(keys.peer(id), (old) => old && next)
  }
  return useMutation({
    mutationFn: (patch: PeerPatch) => api.patch<Peer>(`/api/peers/${encodeURIComponent(id)}`, patch),
    onMutate: (patch) => {
      const before = client.getQueryData<Peer>(keys.peer(id)) ?? client.getQueryData<Peer[]>(keys.peers)?.find((p) => p.id === id)
      if (before && patch.enabled !== undefined) put({ ...before, enabled: patch.enabled })
      return { before }
    },
    onError: (_error, _patch, context) => { if (context?.before) put(context.before) },
    onSuccess: put,
  })
}
