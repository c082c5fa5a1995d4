import { describe, expect, it, vi } from 'vitest'
import { ApiError, api, getAll, rememberSession, setClientHooks } from '../api/client'
import { admin, stubApi } from './render'

const caught = async (p: Promise<unknown>) => p.then(() => { throw new Error('should have failed') }, (e: unknown) => e as ApiError)

describe('client', () => {
  it('sends the CSRF token and If-Match with writes, and neither with reads', async () => {
    rememberSession(admin)
    const sent = stubApi({ 'PATCH /api/x': [200, {}], 'GET /api/x': [200, {}] })
    await api.patch('/api/x', { a: 1 }, { ifMatch: 7 })
    await api.get('/api/x')
    expect(sent[0]?.headers).toMatchObject({ 'X-CSRF-Token': 'tok', 'If-Match': '"7"', 'Content-Type': 'application/json' })
    expect(sent[1]?.headers).not.toHaveProperty('X-CSRF-Token')
  })
  it('sends no body where there is none', async () => {
    const sent = stubApi({ 'POST /api/x': [204, null] })
    await api.post('/api/x')
    expect(sent[0]?.body).toBeUndefined()
    expect(sent[0]?.headers).not.toHaveProperty('Content-Type')
  })
  it('turns a problem into a typed error with its fields', async () => {
    stubApi({ 'POST /api/x': [422, { type: 'urn:cell:problem:invalid', title: 'invalid', status: 422, detail: 'no', hint: 'do', errors: [{ pointer: '/admin/password', detail: 'weak' }] }] })
    const e = await caught(api.post('/api/x', {}))
    expect(e).toBeInstanceOf(ApiError)
    expect([e.status, e.code, e.problem.hint, e.fields]).toEqual([422, 'invalid', 'do', { 'admin.password': 'weak' }])
  })
  it('tells 401 and 428 to the router, unless asked to be quiet', async () => {
    const hooks = { unauthenticated: vi.fn(), setupNeeded: vi.fn() }
    setClientHooks(hooks)
    stubApi({ 'GET /a': [401, { title: 'x', status: 401, type: 'about:blank' }], 'GET /b': [428, { title: 'x', status: 428, type: 'about:blank', setup: '/setup' }] })
    await caught(api.get('/a', { quiet401: true }))
    expect(hooks.unauthenticated).not.toHaveBeenCalled()
    await caught(api.get('/a'))
    await caught(api.get('/b'))
    expect([hooks.unauthenticated.mock.calls.length, hooks.setupNeeded.mock.calls.length]).toEqual([1, 1])
  })
  it('survives a broken error body and a dead connection', async () => {
    vi.stubGlobal('fetch', async () => new Response('{"type":', { status: 502, headers: { 'Content-Type': 'application/problem+json' } }))
    expect((await caught(api.get('/x'))).status).toBe(502)
    vi.stubGlobal('fetch', async () => { throw new TypeError('refused') })
    expect((await caught(api.get('/x'))).status).toBe(0)
  })
  it('follows the pages of a collection to the end', async () => {
    const urls: string[] = []
    vi.stubGlobal('fetch', async (url: string) => {
      urls.push(url)
      return new Response(JSON.stringify(urls.length < 3 ? { items: [urls.length], next_cursor: `c${urls.length}` } : { items: [3] }))
    })
    expect(await getAll('/api/peers', undefined, 1000)).toEqual([1, 2, 3])
    expect(urls).toEqual(['/api/peers?limit=1000', '/api/peers?limit=1000&cursor=c1', '/api/peers?limit=1000&cursor=c2'])
  })
})
