import { useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query'
import { keys } from '../../api/keys'
import { useServices } from '../../api/queries'
import { FilesApi } from './api'
import { parentOf } from './paths'
import { placeOf } from './place'
import { Uploads } from './uploads'

export interface Files { api: FilesApi; uploads: Uploads }
/** One for each address, so that uploads outlive the page. */
const made = new Map<string, Files>()

function filesAt(at: string, client: QueryClient): Files {
  const base = `${at}/_cell/v1`
  const known = made.get(base)
  if (known) return known
  const api = new FilesApi(base)
  const renew = (path: string) => { for (const queryKey of [keys.files('list', parentOf(path)), keys.files('me')]) void client.invalidateQueries({ queryKey }) }
  const files = { api, uploads: new Uploads(api, renew) }
  made.set(base, files)
  return files
}

/** undefined while it is not known; null where the service is not installed. */
export function useFiles(): Files | 'stopped' | { elsewhere: string } | null | undefined {
  const client = useQueryClient()
  const services = useServices()
  if (!services.data) return undefined
  const service = services.data.find((s) => s.id === 'files')
  if (!service?.address) return null
  if (service.state === 'stopped') return 'stopped'
  const place = placeOf(service.address, location)
  return 'base' in place ? filesAt(place.base, client) : place
}

export const useFolder = (api: FilesApi, path: string) => useQuery({ queryKey: keys.files('list', path), queryFn: ({ signal }) => api.list(path, signal) })
export const useFilesMe = (api: FilesApi) => useQuery({ queryKey: keys.files('me'), queryFn: api.me })
