import { ApiError, api, toError } from '../../api/client'
import type { Session } from '../../api/types'
import { renewPolicy } from './place'

/**
 * The files service's own API, which the browser asks directly: large bodies never go through celld. Its shapes are the
 * service's (plugins/files), so they are not in the document that celld serves.
 */
export interface Item { name: string; path: string; kind: 'file' | 'folder'; size: number; modified: string; etag: string; type?: string }
export interface Folder { path: string; total: number; items: Item[] }
export interface Me { login: string; name: string; quota_bytes: number | null; used_bytes: number; free_bytes: number; chunk_bytes: number; max_chunk_bytes: number; shares: boolean; webdav: string }
export interface Upload { id: string; path: string; size: number; offset: number; created: string; expires: string; modified?: string | null; done?: boolean; item?: Item }
export interface Share { id: string; path: string; kind: Item['kind']; label?: string; created: string; expires: string | null; expired?: boolean; missing?: boolean }
export interface NewShare extends Share { url: string }

const pageSize = 1000
const isShutOut = (e: unknown) => e instanceof ApiError && e.status === 401

export class FilesApi {
  constructor(private readonly base: string) {}

  /**
   * The service's host has a key of its own, which a browser gets on the way through the cell's page: it asks as if it
   * opened the host, and is led there and back. Only the cookies of that matter.
   */
  private enter() {
    return (this.entering ??= fetch(`${this.base}/me`, { mode: 'no-cors', credentials: 'include', cache: 'no-store', headers: { Accept: 'text/html' } })
      .then(() => undefined, () => undefined).finally(() => { this.entering = undefined }))
  }
  private entering: Promise<void> | undefined

  private async letIn<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask()
    } catch (e) {
      if (!isShutOut(e)) throw e
    }
    await this.enter()
    try {
      return await ask()
    } catch (e) {
      // Where the session is over, this leads to the login.
      if (isShutOut(e)) await api.get<Session>('/api/auth/session')
      throw e
    }
  }

  private send(method: string, path: string, query: Record<string, string | number> = {}, body?: unknown, signal?: AbortSignal): Promise<Response> {
    return this.letIn(() => this.ask(method, path, query, body, signal))
  }
  private async ask(method: string, path: string, query: Record<string, string | number>, body: unknown, signal?: AbortSignal): Promise<Response> {
    const params = new URLSearchParams(Object.entries(query).map(([k, v]) => [k, String(v)])).toString()
    // What only looks has no header that a browser would ask about before each request.
    const headers: Record<string, string> = { Accept: 'application/json, application/problem+json', ...(method === 'GET' ? {} : { 'X-Cell-Files': '1' }) }
    if (body !== undefined) headers['Content-Type'] = 'application/json'
    let response: Response
    try {
      response = await fetch(`${this.base}${path}${params && `?${params}`}`, { method, headers, credentials: 'include', cache: 'no-store', body: body === undefined ? null : JSON.stringify(body), signal: signal ?? null })
    } catch (cause) {
      if (cause instanceof DOMException && cause.name === 'AbortError') throw cause
      if (await renewPolicy(this.base)) return await new Promise<never>(() => {})
      throw unreachable()
    }
    if (!response.ok) throw await toError(response)
    return response
  }
  private async json<T>(method: string, path: string, query?: Record<string, string | number>, body?: unknown, signal?: AbortSignal): Promise<T> {
    const response = await this.send(method, path, query, body, signal)
    return (response.status === 204 ? undefined : await response.json()) as T
  }

  me = () => this.json<Me>('GET', '/me')
  item = (path: string) => this.json<Item>('GET', '/item', { path })
  /** A whole folder, however many parts it comes in. */
  list = async (path: string, signal?: AbortSignal): Promise<Item[]> => {
    const items: Item[] = []
    for (let total = 1; items.length < total;) {
      const part = await this.json<Folder>('GET', '/list', { path, offset: items.length, limit: pageSize }, undefined, signal)
      if (part.items.length === 0) break
      items.push(...part.items)
      total = part.total
    }
    return items
  }
  makeFolder = (path: string) => this.json<Item>('POST', '/folders', {}, { path })
  move = (from: string, to: string) => this.json<Item>('POST', '/move', {}, { from, to })
  remove = (paths: string[]) => this.json<{ deleted: number; failed: { path: string; detail: string }[] }>('POST', '/delete', {}, { paths })
  contentUrl = (path: string, download: boolean) => `${this.base}/content?path=${encodeURIComponent(path)}${download ? '&download=1' : ''}`
  text = async (path: string) => (await this.send('GET', '/content', { path })).text()

  shares = async (path: string) => (await this.json<{ items: Share[] }>('GET', '/shares', { path })).items
  /** The service does not know by which port the page reached it. */
  share = async (path: string, expires_in_s: number | null): Promise<NewShare> => {
    const share = await this.json<NewShare>('POST', '/shares', {}, { path, expires_in_s })
    const [url, here] = [new URL(share.url), new URL(this.base)]
    if (url.hostname === here.hostname) url.port = here.port
    return { ...share, url: url.href }
  }
  unshare = (id: string) => this.json<void>('DELETE', `/shares/${encodeURIComponent(id)}`)

  uploads = async () => (await this.json<{ items: Upload[] }>('GET', '/uploads')).items
  begin = (path: string, size: number, modified: string, overwrite: boolean) => this.json<Upload>('POST', '/uploads', {}, { path, size, modified, overwrite })
  upload = (id: string) => this.json<Upload>('GET', `/uploads/${encodeURIComponent(id)}`)
  abandon = (id: string) => this.json<void>('DELETE', `/uploads/${encodeURIComponent(id)}`)

  append = (id: string, offset: number, bytes: Blob, onSent: (sent: number) => void, signal: AbortSignal) => this.letIn(() => this.put(id, offset, bytes, onSent, signal))
  /** Sends the next bytes. XMLHttpRequest, since fetch does not tell how far it is. */
  private put(id: string, offset: number, bytes: Blob, onSent: (sent: number) => void, signal: AbortSignal): Promise<Upload> {
    return new Promise((done, fail) => {
      const request = new XMLHttpRequest()
      const stop = () => request.abort()
      signal.addEventListener('abort', stop, { once: true })
      request.open('PATCH', `${this.base}/uploads/${encodeURIComponent(id)}`)
      request.withCredentials = true
      for (const [name, value] of Object.entries({ 'Content-Type': 'application/octet-stream', 'Upload-Offset': String(offset), 'X-Cell-Files': '1' })) request.setRequestHeader(name, value)
      request.upload.onprogress = (e) => onSent(e.loaded)
      request.onload = () => {
        const { status } = request
        if (status < 300) done(JSON.parse(request.responseText) as Upload)
        else void toError(new Response(request.responseText, { status, headers: { 'Content-Type': request.getResponseHeader('Content-Type') ?? '' } })).then(fail)
      }
      request.onerror = () => fail(unreachable())
      request.onabort = () => fail(new DOMException('cancelled', 'AbortError'))
      request.onloadend = () => signal.removeEventListener('abort', stop)
      request.send(bytes)
    })
  }
}

const unreachable = () => new ApiError({ type: 'urn:cell:problem:unreachable', title: 'Unreachable', status: 0 })
