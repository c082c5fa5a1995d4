import type { Page, Problem, Session } from './types'

/** An answer that is not 2xx, or none at all (status 0). `problem` is what the UI shows. */
export class ApiError extends Error {
  constructor(readonly problem: Problem, readonly retryAfter?: number) {
    super(problem.detail ?? problem.title)
    this.name = 'ApiError'
  }
  get status() { return this.problem.status }
  /** The last part of `urn:cell:problem:<code>`. */
  get code() { return this.problem.type.split(/[:#/]/).pop() ?? '' }
  /** Field errors keyed by the first name in their JSON pointer path, joined by dots. */
  get fields(): Record<string, string> {
    const out: Record<string, string> = {}
    for (const e of this.problem.errors ?? []) out[e.pointer.replace(/^\//, '').replace(/\//g, '.')] = e.detail
    return out
  }
}

interface Hooks { unauthenticated: () => void; setupNeeded: () => void }
let hooks: Hooks = { unauthenticated: () => {}, setupNeeded: () => {} }
let csrf = ''

export function setClientHooks(next: Hooks) { hooks = next }
let ended = false

/** null: logged out. */
export function rememberSession(session: Session | null) {
  ended = false
  csrf = session?.csrf_token ?? ''
}
/** The server knows no session (any more). */
export function loseSession() {
  ended = ended || csrf !== ''
  csrf = ''
}
/** A session that was there has run out or was ended elsewhere, so the login page can say why it is asked for. */
export const sessionHasEnded = () => ended

export interface RequestOptions {
  body?: unknown
  ifMatch?: number | string | undefined
  signal?: AbortSignal | undefined
  query?: Record<string, string | number | boolean | undefined>
  /** Leave 401 to the caller (the login form, the first look for a session). */
  quiet401?: boolean
}

function withQuery(path: string, query: RequestOptions['query']): string {
  const params = new URLSearchParams()
  for (const [key, value] of Object.entries(query ?? {})) if (value !== undefined && value !== '') params.set(key, String(value))
  const text = params.toString()
  return text ? `${path}?${text}` : path
}

export async function toError(response: Response): Promise<ApiError> {
  const fallback: Problem = { type: `urn:cell:problem:http_${response.status}`, title: response.statusText || `HTTP ${response.status}`, status: response.status }
  let problem = fallback
  if (response.headers.get('Content-Type')?.includes('json')) {
    try {
      problem = { ...fallback, ...((await response.json()) as Partial<Problem>) }
    } catch { /* a cut-off body leaves the status line to speak */ }
  }
  const retryAfter = Number(response.headers.get('Retry-After'))
  return new ApiError(problem, Number.isFinite(retryAfter) && retryAfter > 0 ? retryAfter : undefined)
}

async function send(method: string, path: string, options: RequestOptions): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json, application/problem+json' }
  if (options.body !== undefined) headers['Content-Type'] = 'application/json'
  if (method !== 'GET' && csrf) headers['X-CSRF-Token'] = csrf
  if (options.ifMatch !== undefined) headers['If-Match'] = `"${options.ifMatch}"`
  let response: Response
  try {
    response = await fetch(withQuery(path, options.query), {
      method, headers, credentials: 'same-origin', cache: 'no-store', signal: options.signal ?? null,
      body: options.body === undefined ? null : JSON.stringify(options.body),
    })
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause
    throw new ApiError({ type: 'urn:cell:problem:unreachable', title: 'Unreachable', status: 0 })
  }
  if (response.ok) return response
  const error = await toError(response)
  if (error.status === 401 && !options.quiet401) {
    loseSession()
    hooks.unauthenticated()
  }
  if (error.status === 428) hooks.setupNeeded()
  throw error
}

async function json<T>(method: string, path: string, options: RequestOptions = {}): Promise<T> {
  const response = await send(method, path, options)
  if (response.status === 204) return undefined as T
  const text = await response.text()
  return (text ? JSON.parse(text) : undefined) as T
}

export const api = {
  get: <T>(path: string, options?: RequestOptions) => json<T>('GET', path, options),
  post: <T>(path: string, body?: unknown, options?: RequestOptions) => json<T>('POST', path, { body, ...options }),
  put: <T>(path: string, body: unknown, options?: RequestOptions) => json<T>('PUT', path, { body, ...options }),
  patch: <T>(path: string, body: unknown, options?: RequestOptions) => json<T>('PATCH', path, { body, ...options }),
  delete: <T = void>(path: string, options?: RequestOptions) => json<T>('DELETE', path, options),
  text: async (path: string) => (await send('GET', path, {})).text(),
  postText: async (path: string) => (await send('POST', path, {})).text(),
}

/** Every page of a collection; `limit` only where the resource takes one (at most 1000). */
export async function getAll<T>(path: string, signal?: AbortSignal, limit?: number): Promise<T[]> {
  const items: T[] = []
  let cursor: string | undefined
  do {
    const page = await api.get<Page<T>>(path, { query: { limit, cursor }, signal })
    items.push(...page.items)
    cursor = page.next_cursor
  } while (cursor)
  return items
}
