// An invented files service for mock-server.mjs: a tree in memory behind the paths of its API.
import { randomBytes } from 'node:crypto'

const id = () => randomBytes(6).toString('hex')
const now = () => new Date().toISOString()
const ahead = (s) => new Date(Date.now() + s * 1000).toISOString()
const parent = (path) => path.slice(0, path.lastIndexOf('/')) || '/'
const kinds = { jpg: 'image/jpeg', png: 'image/png', svg: 'image/svg+xml', txt: 'text/plain', pdf: 'application/pdf', mp3: 'audio/mpeg', mp4: 'video/mp4' }
const pixel = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==', 'base64')

export const filesBase = '/mockfiles/_cell/v1'

export function makeFiles({ empty }) {
  const tree = new Map([['/', { kind: 'folder', body: Buffer.alloc(0), modified: now() }]])
  const put = (path, kind, body = '', age = 0) => tree.set(path, { kind, body: Buffer.from(body), modified: ahead(-age) })
  if (!empty) {
    for (const [i, name] of ['Documents', 'Photos', 'Photos/Summer by the sea 2026'].entries()) put(`/${name}`, 'folder', '', 86_400 * (i + 1))
    put('/notes.txt', 'file', 'Buy bread.\nWater the plants.\n', 4000)
    put('/Photos/beach.png', 'file', pixel, 9000)
    put('/Documents/contract.pdf', 'file', '%PDF-1.4\n', 700_000)
    put('/picture.png', 'file', pixel, 60)
    put('/archive of everything that was ever kept and has a very long name indeed.zip', 'file', 'x'.repeat(90_000), 9e6)
  }
  return { tree, uploads: new Map(), shares: [], broken: 0 }
}

const itemOf = (files, path) => {
  const entry = files.tree.get(path)
  const name = path.slice(path.lastIndexOf('/') + 1)
  return { name, path, kind: entry.kind, size: entry.body.length, modified: entry.modified, etag: `"${entry.body.length}"`, ...(entry.kind === 'file' ? { type: kinds[name.split('.').pop()] ?? 'application/octet-stream' } : {}) }
}
const inside = (files, path) => [...files.tree.keys()].filter((p) => p !== '/' && parent(p) === path)
const below = (files, path) => [...files.tree.keys()].filter((p) => p === path || p.startsWith(`${path}/`))

/** Answers a request below filesBase. `host` lends json, problem and empty204. */
export function answerFiles(files, { method, path, query, body, headers }, res, { json, problem, empty204 }) {
  const [, what = '', which = ''] = path.split('/')
  const missing = () => problem(res, 404, 'not_found', 'there is nothing at this path')
  if (method !== 'GET' && headers['x-cell-files'] === undefined) return problem(res, 403, 'forbidden', 'the header X-Cell-Files is missing')
  switch (`${method} ${what}`) {
    case 'GET me': return json(res, { login: 'admin', name: 'admin', quota_bytes: 5e9, used_bytes: 1.2e9, free_bytes: 3.8e9, chunk_bytes: 40_000, max_chunk_bytes: 64e6, shares: true, webdav: 'https://files.home.cell/dav/' })
    case 'GET list': {
      const at = query.get('path')
      if (files.tree.get(at)?.kind !== 'folder') return missing()
      const items = inside(files, at).map((p) => itemOf(files, p)).sort((a, b) => (a.kind === b.kind ? a.name.localeCompare(b.name) : a.kind === 'folder' ? -1 : 1))
      const offset = Number(query.get('offset') ?? 0)
      return json(res, { path: at, total: items.length, items: items.slice(offset, offset + Number(query.get('limit') ?? 1000)) })
    }
    case 'GET content': {
      const entry = files.tree.get(query.get('path'))
      if (entry?.kind !== 'file') return missing()
      res.writeHead(200, { 'Content-Type': itemOf(files, query.get('path')).type, 'Content-Disposition': query.get('download') ? 'attachment' : 'inline' })
      return res.end(entry.body)
    }
    case 'POST folders':
      if (files.tree.has(body.path)) return problem(res, 409, 'conflict', 'something has this name already')
      files.tree.set(body.path, { kind: 'folder', body: Buffer.alloc(0), modified: now() })
      return json(res, itemOf(files, body.path), 201)
    case 'POST move':
      if (!files.tree.has(body.from)) return missing()
      if (files.tree.has(body.to)) return problem(res, 409, 'conflict', 'something has this name already')
      for (const p of below(files, body.from)) { files.tree.set(body.to + p.slice(body.from.length), files.tree.get(p)); files.tree.delete(p) }
      return json(res, itemOf(files, body.to))
    case 'POST delete': {
      for (const p of body.paths.flatMap((x) => below(files, x))) files.tree.delete(p)
      return json(res, { deleted: body.paths.length, failed: [] })
    }
    case 'GET shares': return json(res, { items: files.shares.filter((s) => s.path === query.get('path')).map(({ url, ...s }) => s) })
    case 'POST shares': {
      const share = { id: id(), path: body.path, kind: files.tree.get(body.path).kind, created: now(), expires: body.expires_in_s ? ahead(body.expires_in_s) : null, expired: false, missing: false }
      files.shares.unshift(share)
      return json(res, { ...share, url: `https://files.home.cell/s/${randomBytes(32).toString('base64url')}` }, 201)
    }
    case 'DELETE shares': files.shares = files.shares.filter((s) => s.id !== which); return empty204(res)
    case 'GET uploads': {
      if (!which) return json(res, { items: [...files.uploads.values()].map((u) => u.shown) })
      return files.uploads.has(which) ? json(res, files.uploads.get(which).shown) : missing()
    }
    case 'POST uploads': {
      if (files.tree.has(body.path) && !body.overwrite) return problem(res, 409, 'conflict', 'a file has this name already')
      if (body.size > 3.8e9) return problem(res, 507, 'quota', 'there is not enough space', { hint: 'delete something first' })
      const shown = { id: id(), path: body.path, size: body.size, offset: 0, created: now(), expires: ahead(172_800), modified: body.modified ?? null }
      if (body.size === 0) files.tree.set(body.path, { kind: 'file', body: Buffer.alloc(0), modified: now() })
      else files.uploads.set(shown.id, { shown, parts: [] })
      return json(res, body.size === 0 ? { ...shown, done: true, item: itemOf(files, body.path) } : shown, 201)
    }
    case 'PATCH uploads': {
      const upload = files.uploads.get(which)
      if (!upload) return missing()
      // A line that breaks in the middle: half of what was sent has come.
      if (files.broken > 0) {
        files.broken--
        const half = body.subarray(0, body.length >> 1)
        upload.parts.push(half)
        upload.shown.offset += half.length
        return res.destroy()
      }
      if (Number(headers['upload-offset']) !== upload.shown.offset) return problem(res, 409, 'conflict', 'the offset is another', { offset: upload.shown.offset })
      upload.parts.push(body)
      upload.shown.offset += body.length
      if (upload.shown.offset < upload.shown.size) return json(res, upload.shown)
      files.uploads.delete(which)
      files.tree.set(upload.shown.path, { kind: 'file', body: Buffer.concat(upload.parts), modified: now() })
      return json(res, { ...upload.shown, done: true, item: itemOf(files, upload.shown.path) })
    }
    case 'DELETE uploads': files.uploads.delete(which); return empty204(res)
    default: return missing()
  }
}
