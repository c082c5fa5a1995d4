import { describe, expect, it, vi } from 'vitest'
import { ApiError } from '../api/client'
import type { FilesApi, Upload } from '../pages/files/api'
import { crumbs, isName, join, lookOf, parentOf } from '../pages/files/paths'
import { Uploads } from '../pages/files/uploads'

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
const aFile = (name: string, size: number) => new File(['x'.repeat(size)], name)
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
    const { api, log } = fakeService({ left: [{ id: 'old', path: '/a', size: 10, offset: 8, created: '', expires: '' }] })
    const uploads = new Uploads(api, () => undefined)
    uploads.add([aFile('a', 10)], pathOf)
    expect(await ended(uploads)).toEqual(['done'])
    expect(log).toEqual(['8+2'])
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
