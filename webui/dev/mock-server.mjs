// A stand-in for the cell, for developing and looking at the UI: serves dist/ and answers the REST API from memory.
// Not part of the product.   node dev/mock-server.mjs [--port 8090] [--setup] [--peers 9] [--empty] [--fail] [--hang] [--slow]
// Who logs in as "anna" or "ben" has the role peer.
import { createServer } from 'node:http'
import { readFile } from 'node:fs/promises'
import { randomBytes } from 'node:crypto'
import { extname, join, normalize } from 'node:path'
import { makeData } from './mock-data.mjs'
import { answerFiles, filesBase, makeFiles } from './mock-files.mjs'
import { makeServices, serviceRoutes } from './mock-services.mjs'

const kinds = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.json': 'application/json' }
const policy = "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
const id = () => randomBytes(6).toString('hex')
const now = () => new Date().toISOString()
const ahead = (s) => new Date(Date.now() + s * 1000).toISOString()

/** @returns {{server: import('node:http').Server, data: object, close: () => void}} */
export function startMock({ port = 8090, setup = false, peers = 9, empty = false, fail = false, hang = false, slow = false, dist = new URL('../dist/', import.meta.url).pathname } = {}) {
  const data = makeData({ peers: empty ? 0 : peers, empty })
  data.store = makeServices({ empty })
  data.files = makeFiles({ empty })
  const state = { setup: !setup, failing: fail, hanging: hang, slow, sessions: new Map(), streams: new Set(), seq: 1 }

  const problem = (res, status, code, detail, extra = {}) => {
    res.writeHead(status, { 'Content-Type': 'application/problem+json' })
    res.end(JSON.stringify({ type: `urn:cell:problem:${code}`, title: code.replaceAll('_', ' '), status, detail, request_id: id(), ...extra }))
  }
  const json = (res, body, status = 200, headers = {}) => {
    res.writeHead(status, { 'Content-Type': 'application/json', ...headers })
    res.end(JSON.stringify(body))
  }
  const text = (res, body) => { res.writeHead(200, { 'Content-Type': 'text/plain; charset=utf-8' }); res.end(body) }
  const empty204 = (res) => { res.writeHead(204); res.end() }
  const publish = (event, body) => { for (const s of state.streams) s.write(`id: ${state.seq}\nevent: ${event}\ndata: ${JSON.stringify(body)}\n\n`); state.seq++ }
  const session = (user) => ({ user: { id: user.id, name: user.name, role: user.role }, csrf_token: 'mock-csrf', expires_at: ahead(86400), idle_expires_at: ahead(3600) })
  const login = (res, status, user, more) => {
    const token = id()
    state.sessions.set(token, user)
    json(res, more ? { ...more, session: session(user) } : session(user), status, { 'Set-Cookie': `cell_session=${token}; HttpOnly; SameSite=Strict; Path=/` })
  }
  const userOf = (req) => state.sessions.get(/cell_session=(\w+)/.exec(req.headers.cookie ?? '')?.[1])
  const personNamed = (name) => data.people.find((p) => p.name === name) ?? data.people[0]
  const config = (p, key) => `[Interface]\nPrivateKey = ${key}\nAddress = ${p.addresses.join(', ')}\nDNS = 10.13.13.1\nMTU = 1420\n\n[Peer]\nPublicKey = ${data.wireguard.public_key}\nPresharedKey = ${randomBytes(32).toString('base64')}\nAllowedIPs = 0.0.0.0/0, ::/0\nEndpoint = home.example.org:51820\nPersistentKeepalive = 25\n`
  const withKey = (p, body) => config(p, body.public_key ? '<PRIVATE_KEY>' : randomBytes(32).toString('base64'))
  const connectSoon = (p) => setTimeout(() => {
    p.live = { ...p.live, state: 'online', last_handshake_at: now(), endpoint: '203.0.113.9:51820', rx_rate: 1200, tx_rate: 5400 }
    publish('peer.live', { [p.id]: p.live })
  }, 2500)
  const startJob = (title, kind, phases, { target = 'cell', then } = {}) => {
    const job = { id: id(), kind, title, actor: 'admin', target, state: 'running', progress: 0, created_at: now(), started_at: now(), phases: phases.map((name) => ({ name, state: 'queued', done: 0, total: 1, unit: '' })) }
    data.jobs.unshift(job)
    let n = 0
    const timer = setInterval(() => {
      // Long enough to be looked at.
      if (state.slow && n >= 2) return
      n++
      job.phases.forEach((p, i) => { p.state = i < n - 1 ? 'done' : i === n - 1 ? 'running' : 'queued' })
      job.progress = Math.min(1, n / (phases.length + 1))
      if (n > phases.length) {
        clearInterval(timer)
        job.phases.forEach((p) => { p.state = 'done' })
        Object.assign(job, { state: 'done', progress: 1, ended_at: now() })
        then?.()
      }
      publish('job', job)
    }, 350)
    return job
  }
  const traffic = (range) => {
    const [n, step] = { '24h': [144, 600], '30d': [120, 21600], '1y': [122, 259200] }[range] ?? [144, 600]
    return { range, step_s: step, points: Array.from({ length: empty ? 0 : n }, (_, i) => {
      const wave = Math.max(0, Math.sin(i / 9) + Math.sin(i / 3.7) * 0.5)
      return { t: new Date(Date.now() - (n - i) * step * 1000).toISOString(), rx: Math.round(wave * step * 20000), tx: Math.round(wave * wave * step * 160000 + step * 500) }
    }) }
  }

  const open = {
    'GET /health': (_q, res) => json(res, { ...data.health, setup_complete: state.setup }),
    'GET /api/setup': (_q, res) => state.setup ? problem(res, 409, 'setup_complete', 'this cell is set up already') : json(res, data.setup),
    'POST /api/setup/preflight': (q, res) => q.body.setup_code === 'WRONG' ? problem(res, 403, 'setup_code_invalid', 'this is not the setup code', { hint: 'look at the output of make start' }) : json(res, data.preflight),
    'POST /api/setup/complete': (q, res) => {
      if (state.setup) return problem(res, 409, 'setup_complete', 'this cell is set up already')
      state.setup = true
      const job = startJob('Setting up the cell', 'setup', ['Writing the configuration', 'Creating the certificate authority', 'Starting the VPN hub', 'Starting DNS and time', 'Starting the proxy'])
      login(res, 202, data.people[0], { job_id: job.id })
    },
    'POST /api/auth/login': (q, res) => q.body.password === 'wrong' ? problem(res, 401, 'credentials_invalid', 'name or password is wrong') : login(res, 200, personNamed(q.body.name)),
    'GET /api/enrol/:token': (q, res) => q.p.token === 'gone' ? problem(res, 404, 'not_found', 'this link does not work') : json(res, { peer_name: 'tablet', cell_name: 'home', expires_at: ahead(80000), key_needed: true }),
    'POST /api/enrol/:token': (q, res) => json(res, { config: withKey(data.peers[0] ?? { addresses: ['10.13.13.9/32'] }, q.body) }),
    'GET /api/openapi.json': (_q, res) => json(res, { openapi: '3.1.0', tags: data.tags.map((name) => ({ name })) }),
    'GET /pki/root.crt': (_q, res) => { res.writeHead(200, { 'Content-Type': 'application/x-x509-ca-cert' }); res.end('-----BEGIN CERTIFICATE-----\n') },
  }
  const find = (list, key, value) => list.find((x) => x[key] === value)
  const peer = (q, res) => find(data.peers, 'id', q.p.id) ?? void problem(res, 404, 'not_found', 'there is no such device')
  const list = (name) => (_q, res) => json(res, { items: data[name] })
  const act = (verb, next) => (q, res) => {
    const c = find(data.containers, 'name', q.p.name)
    if (c?.read_only) return problem(res, 403, 'read_only', 'this container is not part of the cell')
    const job = startJob(`${verb} ${q.p.name}`, `container.${verb}`, [verb])
    setTimeout(() => { Object.assign(c, { state: next, status: next === 'running' ? 'Up 1 second' : 'Exited (0) 1 second ago' }); publish('container.changed', { name: c.name, state: next }) }, 700)
    json(res, { job_id: job.id }, 202)
  }
  const guarded = {
    'GET /api/auth/session': (q, res) => json(res, session(q.user)),
    'POST /api/auth/logout': (_q, res) => { state.sessions.clear(); empty204(res) },
    'GET /api/auth/tokens': list('apiTokens'),
    'POST /api/auth/tokens': (q, res) => {
      const bad = (q.body.allowed_sources ?? []).findIndex((s) => !/^[\da-f.:]+\/\d+$/i.test(s))
      if (bad >= 0) return problem(res, 400, 'invalid_argument', 'this is not a range of addresses', { hint: 'for example 192.168.1.0/24', errors: [{ pointer: `/allowed_sources/${bad}`, detail: 'this is not a range of addresses' }] })
      const text = `cell_${randomBytes(32).toString('base64url')}`
      const token = { id: id(), allowed_sources: [], ...q.body, created_at: now(), prefix: text.slice(0, 9) }
      data.apiTokens.unshift(token)
      json(res, { ...token, token: text }, 201)
    },
    'DELETE /api/auth/tokens/:id': (q, res) => { data.apiTokens = data.apiTokens.filter((t) => t.id !== q.p.id); empty204(res) },
    'GET /api/audit': (q, res) => {
      const from = q.query.get('cursor') ? data.audit.findIndex((e) => Number(e.id) < Number(q.query.get('cursor'))) : 0
      const items = data.audit.slice(from, from + Number(q.query.get('limit') ?? 50))
      const more = from + items.length < data.audit.length
      json(res, { items, ...(more ? { next_cursor: items.at(-1).id } : {}) })
    },
    'GET /api/auth/sessions': list('sessions'),
    'DELETE /api/auth/sessions/:id': (q, res) => { data.sessions = data.sessions.filter((s) => s.current || (q.p.id !== 'others' && s.id !== q.p.id)); empty204(res) },
    'POST /api/auth/password': (q, res) => q.body.current_password === 'wrong' ? problem(res, 422, 'invalid', 'the current password is wrong', { errors: [{ pointer: '/current_password', detail: 'this is not your password' }] }) : empty204(res),
    'GET /api/people': list('people'),
    'POST /api/people': (q, res) => { const p = { id: id(), created_at: now(), name: q.body.name, role: q.body.role }; data.people.push(p); json(res, p, 201) },
    'PATCH /api/people/:id': (q, res) => json(res, Object.assign(find(data.people, 'id', q.p.id), q.body)),
    'DELETE /api/people/:id': (q, res) => { data.people = data.people.filter((p) => p.id !== q.p.id); empty204(res) },
    'GET /api/peers': (q, res) => json(res, { items: data.peers.filter((p) => q.user.role === 'admin' || p.owner_id === q.user.id) }),
    'POST /api/peers': (q, res) => {
      if (data.peers.some((p) => p.name === q.body.name)) return problem(res, 422, 'invalid', 'the name is taken', { errors: [{ pointer: '/name', detail: 'another device has this name' }] })
      const p = data.newPeer({ owner_id: q.user.id, ...q.body }, id())
      data.peers.push(p)
      publish('peer.changed', { id: p.id })
      connectSoon(p)
      json(res, { ...p, config: withKey(p, q.body) }, 201)
    },
    'GET /api/peers/:id': (q, res) => { const p = peer(q, res); if (p) json(res, p) },
    'PATCH /api/peers/:id': (q, res) => {
      const p = peer(q, res)
      if (!p) return
      Object.assign(p, q.body)
      if (q.body.enabled !== undefined) p.live = { ...p.live, state: q.body.enabled ? 'idle' : 'disabled', rx_rate: 0, tx_rate: 0 }
      json(res, p)
    },
    'DELETE /api/peers/:id': (q, res) => { data.peers = data.peers.filter((p) => p.id !== q.p.id); publish('peer.changed', { id: q.p.id }); empty204(res) },
    'POST /api/peers/:id/rekey': (q, res) => { const p = peer(q, res); if (p) { Object.assign(p, { public_key: q.body.public_key ?? randomBytes(32).toString('base64'), key_origin: q.body.public_key ? 'browser' : 'server', config_available: !q.body.public_key }); connectSoon(p); json(res, { ...p, config: withKey(p, q.body) }) } },
    'GET /api/peers/:id/config': (q, res) => { const p = peer(q, res); if (p) text(res, config(p, '<PRIVATE_KEY>')) },
    'POST /api/peers/:id/config': (q, res) => {
      const p = peer(q, res)
      if (!p) return
      if (!p.config_available) return problem(res, 410, 'config_gone', 'the private key was shown before and is deleted')
      p.config_available = false
      text(res, config(p, randomBytes(32).toString('base64')))
    },
    'GET /api/peers/:id/traffic': (q, res) => json(res, traffic(q.query.get('range'))),
    'GET /api/peers/:id/links': list('links'),
    'POST /api/peers/:id/links': (q, res) => { const l = { id: id(), created_at: now(), expires_at: ahead(q.body.expires_in ?? 86400) }; data.links.unshift(l); json(res, { ...l, url: `http://${q.host}/enrol/${id()}${id()}`, token: id() }, 201) },
    'DELETE /api/peers/:id/links/:link': (q, res) => { Object.assign(find(data.links, 'id', q.p.link), { revoked_at: now() }); empty204(res) },
    'GET /api/peers/:id/diagnosis': (_q, res) => json(res, data.diagnosis),
    'GET /api/exits': (_q, res) => json(res, { items: data.exits.map((e) => ({ ...e, devices: data.peers.filter((p) => p.exit === e.id).length })) }),
    'GET /api/wireguard': (_q, res) => json(res, data.wireguard),
    'PATCH /api/wireguard': (q, res) => { Object.assign(data.wireguard.settings, q.body); json(res, data.wireguard) },
    'GET /api/wireguard/traffic': (q, res) => json(res, traffic(q.query.get('range'))),
    'GET /api/network/dns': (_q, res) => json(res, data.dns),
    'PATCH /api/network/dns': (q, res) => json(res, Object.assign(data.dns, q.body)),
    'GET /api/network/dns/records': list('records'),
    'POST /api/network/dns/records': (q, res) => {
      if (q.body.type === 'A' && !/^\d+(\.\d+){3}$/.test(q.body.value)) return problem(res, 422, 'invalid', 'the value is not an IPv4 address', { errors: [{ pointer: '/value', detail: 'an A record holds an IPv4 address, like 192.168.1.10' }] })
      const r = { id: id(), ...q.body }
      data.records.push(r)
      json(res, r, 201)
    },
    'PATCH /api/network/dns/records/:id': (q, res) => json(res, Object.assign(find(data.records, 'id', q.p.id), q.body)),
    'DELETE /api/network/dns/records/:id': (q, res) => { data.records = data.records.filter((r) => r.id !== q.p.id); empty204(res) },
    'POST /api/network/dns/lookup': (q, res) => json(res, { answers: [{ name: q.body.name, type: q.body.type, ttl: 300, value: '10.13.13.1' }], rcode: 'NOERROR', duration_ms: 1.4 }),
    'GET /api/network/ntp': (_q, res) => json(res, data.ntp),
    'PATCH /api/network/ntp': (q, res) => json(res, Object.assign(data.ntp, q.body)),
    'GET /api/vault/ca': (_q, res) => json(res, data.ca),
    'GET /api/containers': list('containers'),
    'GET /api/containers/stats': (_q, res) => json(res, { items: data.containers.filter((c) => c.state === 'running').map((c, i) => ({ name: c.name, cpu_percent: i * 0.7 + Math.random(), memory_bytes: 1.2e7 * (i + 1), memory_limit_bytes: 8e9, rx_bytes: 3e6 * i, tx_bytes: 8e6 * i, pids: 3 + i })) }),
    'GET /api/containers/:name/logs': (_q, res) => json(res, { items: Array.from({ length: 40 }, (_, i) => ({ t: ahead(i - 60), stream: i % 9 ? 'stdout' : 'stderr', line: `line ${i}: ${i % 9 ? 'served a request' : 'warning: slow upstream 9.9.9.9'}` })) }),
    'POST /api/containers/:name/start': act('start', 'running'),
    'POST /api/containers/:name/stop': act('stop', 'exited'),
    'POST /api/containers/:name/restart': act('restart', 'running'),
    'GET /api/logs': (q, res) => {
      const rank = ['trace', 'debug', 'info', 'warn', 'error', 'critical']
      const least = Math.max(0, rank.indexOf(q.query.get('level') ?? ''))
      const items = data.logs.filter((l) => rank.indexOf(l.level) >= least && (!q.query.get('service') || l.service === q.query.get('service')) && `${l.message} ${l.request_id ?? ''}`.toLowerCase().includes((q.query.get('q') ?? '').toLowerCase()) && (!q.query.get('until') || l.t < q.query.get('until')) && (!q.query.get('since') || l.t >= q.query.get('since')))
      json(res, { items: items.slice(0, 200), services: ['api', 'dns', 'wireguard', 'caddy'] })
    },
    'GET /api/logs/follow': (q, res, req) => {
      res.writeHead(200, { 'Content-Type': 'text/event-stream' })
      const timer = setInterval(() => res.write(`event: log\ndata: ${JSON.stringify(data.logLine(Date.now()))}\n\n`), 400)
      req.on('close', () => clearInterval(timer))
    },
    'GET /api/logs/verbosity': (_q, res) => json(res, data.verbosity),
    'PUT /api/logs/verbosity': (q, res) => { Object.assign(data.verbosity, q.body); json(res, { entries: Object.entries(q.body.containers).map(([name, level]) => ({ name, level, applied: 'pending_restart' })) }) },
    'GET /api/jobs': list('jobs'),
    'GET /api/jobs/:id': (q, res) => json(res, find(data.jobs, 'id', q.p.id)),
    'POST /api/jobs/:id/cancel': (_q, res) => empty204(res),
    'DELETE /api/jobs/:id': (q, res) => { data.jobs = data.jobs.filter((j) => j.id !== q.p.id); empty204(res) },
    'GET /api/dashboard': (_q, res) => json(res, data.dashboard()),
    'POST /api/dashboard/items/:id/ignore': (q, res) => { data.ignored[q.p.id] = q.body.until; empty204(res) },
    ...serviceRoutes(data.store, { json, problem, empty204, startJob, publish, people: () => data.people }),
    'GET /api/settings': (_q, res) => json(res, data.settings),
    'PATCH /api/settings': (q, res) => json(res, Object.assign(data.settings, q.body, { revision: data.settings.revision + 1 })),
    'GET /api/config/revisions': list('revisions'),
    'POST /api/config/revisions/:n/restore': (_q, res) => json(res, { job_id: startJob('Going back', 'config.restore', ['Loading', 'Applying']).id }, 202),
    'GET /api/events': (_q, res, req) => {
      if (state.deaf) return res.destroy()
      res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' })
      res.write('event: hello\ndata: {"version":"1.0.0"}\n\n')
      state.streams.add(res)
      req.on('close', () => state.streams.delete(res))
    },
  }
  const match = (table, method, path) => {
    for (const [key, handle] of Object.entries(table)) {
      const [m, pattern] = key.split(' ')
      if (m !== method) continue
      const a = pattern.split('/')
      const b = path.split('/')
      if (a.length !== b.length || !a.every((part, i) => part.startsWith(':') || part === b[i])) continue
      return { handle, p: Object.fromEntries(a.flatMap((part, i) => (part.startsWith(':') ? [[part.slice(1), decodeURIComponent(b[i])]] : []))) }
    }
  }
  async function serveFile(path, res) {
    const name = path.startsWith('/assets/') || kinds[extname(path)] ? normalize(path) : '/index.html'
    try {
      const body = await readFile(join(dist, name))
      res.writeHead(200, { 'Content-Type': kinds[extname(name)] ?? 'application/octet-stream', 'Content-Security-Policy': policy })
      res.end(body)
    } catch {
      res.writeHead(404)
      res.end('not found')
    }
  }

  const server = createServer(async (req, res) => {
    const url = new URL(req.url, 'http://mock')
    const chunks = []
    for await (const c of req) chunks.push(c)
    const raw = Buffer.concat(chunks)
    const q = { query: url.searchParams, host: req.headers.host, body: req.headers['content-type']?.includes('octet-stream') ? raw : raw.length ? JSON.parse(raw.toString()) : {} }
    const free = match(open, req.method, url.pathname)
    if (free) return free.handle({ ...q, p: free.p }, res, req)
    if (url.pathname.startsWith(filesBase)) {
      if (!userOf(req)) return problem(res, 401, 'unauthenticated', 'log in first')
      if (state.hanging) return
      if (state.failing) return problem(res, 503, 'engine_down', 'the files service does not answer')
      return answerFiles(data.files, { ...q, method: req.method, path: url.pathname.slice(filesBase.length), headers: req.headers }, res, { json, problem, empty204 })
    }
    if (!url.pathname.startsWith('/api/')) return serveFile(url.pathname, res)
    if (!state.setup) return problem(res, 428, 'setup_required', 'this cell is not set up yet', { setup: '/setup' })
    q.user = userOf(req)
    if (!q.user) return problem(res, 401, 'unauthenticated', 'log in first')
    if (req.method !== 'GET' && req.headers['x-csrf-token'] !== 'mock-csrf') return problem(res, 403, 'csrf', 'the CSRF token is missing')
    if (state.failing && !/session|events/.test(url.pathname)) return problem(res, 503, 'engine_down', 'the container engine does not answer', { hint: 'start it with: systemctl start docker' })
    if (q.user.role !== 'admin' && !/^\/api\/(auth|peers|events|services(\?|$|\/[^/]+(\/(app-passwords|accounts\/).*)?$)|store\/items\/[^/]+\/icon)/.test(url.pathname)) return problem(res, 403, 'forbidden', 'only an administrator may do this', { hint: 'ask an administrator of this cell' })
    // A request that never ends shows what the pages look like while they wait.
    if (state.hanging && req.method === 'GET' && !/session|events/.test(url.pathname)) return
    const found = match(guarded, req.method, url.pathname)
    if (!found) return problem(res, 404, 'not_found', `nothing at ${url.pathname}`)
    found.handle({ ...q, p: found.p }, res, req)
  })
  const ticker = setInterval(() => {
    publish('stats', data.stats())
    publish('peer.live', data.moveRates())
  }, 2000)
  server.listen(port, '127.0.0.1')
  const loseStreams = () => { state.deaf = true; for (const s of state.streams) s.destroy() }
  return { server, data, state, loseStreams, close: () => { clearInterval(ticker); server.closeAllConnections(); server.close() } }
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const args = process.argv.slice(2)
  const value = (name, fallback) => { const i = args.indexOf(name); return i < 0 ? fallback : Number(args[i + 1]) }
  const port = value('--port', 8090)
  startMock({ port, peers: value('--peers', 9), setup: args.includes('--setup'), empty: args.includes('--empty'), fail: args.includes('--fail'), hang: args.includes('--hang'), slow: args.includes('--slow') })
  console.log(`mock cell at http://127.0.0.1:${port}/ (any name and password)`)
}
