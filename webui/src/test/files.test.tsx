import { afterEach, describe, expect, it, vi } from 'vitest'
import { ApiError } from '../api/client'
import { FilesApi, type Upload } from '../pages/files/api'
import { crumbs, isName, join, lookOf, parentOf } from '../pages/files/paths'
import { placeOf } from '../pages/files/place'
import { Uploads } from '../pages/files/uploads'

const page = (url: string) => new URL(url) as unknown as Location
describe('where the browser asks', () => {
  it.each([
    ['https://home.cell/files', { base: 'https://files.home.cell' }],
    ['https://home.cell:8443/files', { base: 'https://files.home.cell:8443' }],
    ['http://192.168.1.5:8081/files', { elsewhere: 'https://home.cell' }],
    ['http://home.cell/files', { elsewhere: 'https://home.cell' }],
    ['https://192.168.1.5/files', { elsewhere: 'https://home.cell' }],
  ])('a page at %s: %j', (at, place) => expect(placeOf('https://files.home.cell/', page(at))).toEqual(place))
  it('keeps the published port for who comes from elsewhere', () => expect(placeOf('https://files.home.cell:8443/', page('http://10.0.0.2:8081/'))).toEqual({ elsewhere: 'https://home.cell:8443' }))
})

describe('being let in', () => {
  afterEach(() => vi.unstubAllGlobals())
  const base = 'https://files.home.cell/_cell/v1'
  const answer = (status: number, body: unknown) => new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } })
  /** A service that answers 401 until the browser has opened its host; `opens`: whether that helps. */
  function service(opens: boolean) {
    const log: string[] = []
    let open = false
    vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
      log.push(`${init.method ?? 'GET'} ${url.replace(base, '')} ${init.mode ?? 'cors'}`)
      if (init.mode === 'no-cors') { open = opens; return answer(200, {}) }
      return url.startsWith('/api/') ? answer(401, { type: 'urn:cell:problem:unauthenticated', title: 'x', status: 401 }) : open ? answer(200, { items: [] }) : answer(401, { status: 401, title: 'x' })
    })
    return log
  }
  it('happens by itself, once for all that ask', async () => {
    const log = service(true)
    const api = new FilesApi(base)
    expect(await Promise.all([api.shares('/a'), api.uploads()])).toEqual([[], []])
    expect(log.filter((l) => l === 'GET /me no-cors')).toHaveLength(1)
  })
  it('is asked for in the language of simple requests', async () => {
    service(true)
    const asked = vi.fn(fetch)
    vi.stubGlobal('fetch', asked)
    await new FilesApi(base).uploads()
    expect(asked.mock.calls.map(([, init]) => Object.keys(init?.headers ?? {}))).toEqual([['Accept'], ['Accept'], ['Accept']])
    expect(asked.mock.calls.every(([, init]) => init?.credentials === 'include')).toBe(true)
  })
  it('fails with the session, which is looked at then', async () => {
    const log = service(false)
    await expect(new FilesApi(base).uploads()).rejects.toMatchObject({ status: 401 })
    expect(log).toEqual(['GET /uploads cors', 'GET /me no-cors', 'GET /uploads cors', 'GET /api/auth/session cors'])
  })
})

describe('paths', () => {
  it('are taken apart and put together', () => {
    expect([parentOf('/a/b'), parentOf('/a'), join('/', 'a'), join('/a', 'b')]).toEqual(['/a', '/', '/a', '/a/b'])
    expect(crumbs('/a/b c')).toEqual([['a', '/a'], ['b c', '/a/b c']])
    expect(crumbs('/')).toEqual([])
  })
  it.each([['a', true], ['ä'.repeat(127), true], ['ä'.repeat(128), false], ['', false], ['..', false], ['a/b', false], ['a\nb', false]])('%j is a name: %s', (name, ok) => expect(isName(name)).toBe(ok))
  it.each([['image/png', 1e9, 'image'], ['image/svg+xml', 9, null], ['text/plain; charset=utf-8', 100, 'text'], ['text/plain', 1e7, null], ['text/html', 5, null], ['application/pdf', 5, 'pdf'], ['application/zip', 5, null]] as const)('%s of %d bytes is shown as %s', (type, size, look) => expect(lookOf({ type, size })).toBe(look))
})

const refused = (status: number) => new ApiError({ type: 'urn:cell:problem:x', title: 'x', status })

/** Keeps what it is sent; `breaks`: how many requests end in the middle, half of their bytes kept. */
function fakeService({ left = [] as Upload[], breaks = 0 } = {}) {
  const known = new Map(left.map((u) => [u.id, u]))
  const log: string[] = []
  const service = {
    me: async () => ({ chunk_bytes: 4 }),
    uploads: async () => [...known.values()],
    upload: async (id: string) => { log.push('ask'); return { ...(known.get(id) as Upload) } },
    begin: async (path: string, size: number, _modified: string, overwrite: boolean) => {
      if (path === '/there' && !overwrite) throw refused(409)
      const upload: Upload = { id: `u${known.size}`, path, size, offset: 0, created: '', expires: '' }
      known.set(upload.id, upload)
      return { ...upload }
    },
    append: async (id: string, offset: number, bytes: Blob) => {
      const upload = known.get(id) as Upload
      if (offset !== upload.offset) throw refused(409)
      log.push(`${offset}+${bytes.size}`)
      if (breaks > 0) {
        breaks--
        upload.offset += bytes.size >> 1
        throw refused(0)
      }
      upload.offset += bytes.size
      return { ...upload, ...(upload.offset === upload.size ? { done: true } : {}) }
    },
    abandon: async (id: string) => { known.delete(id) },
  }
  return { api: service as unknown as FilesApi, log, known }
}
const changed = '2026-03-04T05:06:07.891Z'
const aFile = (name: string, size: number) => new File(['x'.repeat(size)], name, { lastModified: Date.parse(changed) })
async function ended(uploads: Uploads) {
  await vi.waitFor(() => expect(uploads.list().every((j) => !['waiting', 'running', 'pausing'].includes(j.state))).toBe(true))
  return uploads.list().map((j) => j.state)
}

describe('an upload', () => {
  const pathOf = (f: File) => `/${f.name}`
  it('goes in parts of the size that the service wishes', async () => {
    const { api, log } = fakeService()
    const done: string[] = []
    const uploads = new Uploads(api, (path) => done.push(path))
    uploads.add([aFile('a', 10)], pathOf)
    expect(await ended(uploads)).toEqual(['done'])
    expect(log).toEqual(['0+4', '4+4', '8+2'])
    expect(done).toEqual(['/a'])
  })
  it('goes on by itself, where the service has got to, after the connection broke', async () => {
    const { api, log } = fakeService({ breaks: 1 })
    const uploads = new Uploads(api, () => undefined, async () => undefined)
    uploads.add([aFile('a', 10)], pathOf)
    expect(await ended(uploads)).toEqual(['done'])
    expect(log).toEqual(['0+4', 'ask', '2+4', '6+4'])
  })
  it('goes on where another try ended, when the same file is chosen again', async () => {
    const { api, log } = fakeService({ left: [{ id: 'old', path: '/a', size: 10, offset: 8, created: '', expires: '', modified: changed }] })
    const uploads = new Uploads(api, () => undefined)
    uploads.add([aFile('a', 10)], pathOf)
    expect(await ended(uploads)).toEqual(['done'])
    expect(log).toEqual(['8+2'])
  })
  it.each(['2026-03-04T05:06:08.000Z', null])('begins anew where what is left is of another file, changed %s', async (modified) => {
    const { api, log } = fakeService({ left: [{ id: 'old', path: '/a', size: 10, offset: 8, created: '', expires: '', modified }] })
    const uploads = new Uploads(api, () => undefined)
    uploads.add([aFile('a', 10)], pathOf)
    expect(await ended(uploads)).toEqual(['done'])
    expect(log).toEqual(['0+4', '4+4', '8+2'])
  })
  it('asks before it replaces a file', async () => {
    const { api } = fakeService()
    const uploads = new Uploads(api, () => undefined)
    uploads.add([aFile('there', 3)], pathOf)
    expect(await ended(uploads)).toEqual(['exists'])
    uploads.retry(uploads.list()[0]?.key ?? 0, true)
    expect(await ended(uploads)).toEqual(['done'])
  })
  it('gives up after a while, and is taken from the service when it is cancelled', async () => {
    const { api, known } = fakeService({ breaks: 100 })
    const uploads = new Uploads(api, () => undefined, async () => undefined)
    uploads.add([aFile('a', 10)], pathOf)
    expect(await ended(uploads)).toEqual(['failed'])
    expect(known.size).toBe(1)
    uploads.drop(uploads.list()[0]?.key ?? 0)
    await vi.waitFor(() => expect(known.size).toBe(0))
    expect(uploads.list()).toEqual([])
  })
  it('waits while two others are on their way', async () => {
    const { api } = fakeService()
    const uploads = new Uploads(api, () => undefined)
    uploads.add([aFile('a', 1), aFile('b', 1), aFile('c', 1)], pathOf)
    expect(uploads.list().map((j) => j.state)).toEqual(['running', 'running', 'waiting'])
    expect(await ended(uploads)).toEqual(['done', 'done', 'done'])
  })
})
