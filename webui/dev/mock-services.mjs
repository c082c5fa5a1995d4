// Invented services and packages for mock-server.mjs, and the routes that answer for them.
import { randomBytes } from 'node:crypto'

const id = () => randomBytes(6).toString('hex')
const now = () => new Date().toISOString()
const ahead = (s) => new Date(Date.now() + s * 1000).toISOString()
const icon = (colour, letter) => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" rx="14" fill="${colour}"/><text x="32" y="45" font-family="sans-serif" font-size="36" font-weight="700" text-anchor="middle" fill="#fff">${letter}</text></svg>`

const mailOptions = {
  type: 'object', required: ['hostname', 'protection'],
  properties: {
    relay: { type: 'object', title: 'Send through another server', 'x-order': 4, properties: { host: { type: 'string', title: 'Server', format: 'hostname' }, port: { type: 'integer', title: 'Port', minimum: 1, maximum: 65535, default: 587 }, password: { type: 'string', title: 'Password', 'x-secret': true } } },
    hostname: { type: 'string', title: 'Name of the mail server', description: 'What other servers call it.', default: 'mail.home.cell', format: 'hostname', 'x-order': 1 },
    protection: { type: 'string', title: 'Spam filter', enum: ['off', 'gentle', 'strict'], default: 'gentle', 'x-order': 2 },
    max_message_mb: { type: 'integer', title: 'Largest message (MB)', minimum: 1, maximum: 200, default: 25, 'x-order': 3 },
    open_to_internet: { type: 'boolean', title: 'Receive mail from the internet', description: 'Opens port 25 to everybody.', default: true, 'x-order': 0 },
    blocked: { type: 'array', title: 'Blocked senders', items: { type: 'string', minLength: 3 }, default: [], 'x-order': 5 },
    signature: { type: 'string', title: 'Signature', 'x-multiline': true, maxLength: 500, 'x-order': 6 },
  },
}
const calendarOptions = { type: 'object', properties: { days: { type: 'integer', title: 'Keep deleted entries (days)', minimum: 0, maximum: 365, default: 30 } } }
const none = { type: 'object', properties: {} }
const reason = (capability, words, why) => ({ capability, words, why })

function packages() {
  const base = { kind: 'native', stage: 'stable', license: 'GPL-3.0-or-later', source: 'cell', homepage: 'https://example.org/', first_party: true, state: 'available', download_bytes: 0, memory_mb: 64, disk_mb: 120, options: none, breaking: [], changelog: '# 1.2.0\n\n- Works with the new calendar of phones\n- Uses less memory\n\n# 1.1.0\n\n- First version' }
  const describe = (text) => `${text}\n\nEverything stays on this machine. Programs that people have already can be used with it.`
  return [
    { ...base, id: 'calendar', label: 'calendar', name: 'Calendar and contacts', summary: 'Shared calendars and address books for every device', description: describe('Keeps calendars and contacts for everybody in the cell.'), version: '1.2.0', upstream_version: '3.1.8', category: 'calendar', rating: 5, download_bytes: 8.4e6, options: calendarOptions, reasons: [reason('containers', 'runs one container', 'the calendar server'), reason('accounts', 'gives every person an account', 'so that calendars are somebody\'s')], state: 'installed', installed_version: '1.2.0' },
    { ...base, id: 'mail', label: 'mail', name: 'Mail', summary: 'A mail server of your own, with spam filter and signing', description: describe('Sends and receives mail for your domain.'), version: '2.0.0', upstream_version: '3.7.11', category: 'mail', rating: 2, download_bytes: 1.9e8, memory_mb: 620, disk_mb: 900, options: mailOptions, reasons: [reason('ports', 'opens port 25 to the internet', 'other mail servers deliver there'), reason('containers', 'runs three containers', 'sending, receiving and filtering are apart'), reason('capabilities', 'may bind low ports', 'mail ports are below 1024'), reason('accounts', 'gives every person an account', 'mailboxes belong to people')] },
    { ...base, id: 'files', label: 'files', name: 'Files', summary: 'Your files, reachable from everywhere', description: describe('Stores files for people and for sharing.'), version: '1.1.0', category: 'files', rating: 5, download_bytes: 3.1e6, memory_mb: 32, reasons: [reason('containers', 'runs one container', 'the file server'), reason('accounts', 'gives every person an account', 'files belong to somebody')], state: 'update_available', installed_version: '1.0.0', breaking: [{ version: '1.1.0', text: 'Links made before this version stop working after 7 days.' }] },
    { ...base, kind: 'declarative', id: 'org.example.notes', label: 'notes', name: 'Notes', summary: 'A quiet place to write', description: 'Plain notes in a browser.', version: '0.4.0-beta', category: 'notes', stage: 'beta', rating: 4, first_party: false, source: 'example', license: 'MIT', download_bytes: 4.2e7, reasons: [reason('containers', 'runs one container', 'the notes')] },
    { ...base, id: 'tor', label: 'tor', name: 'Tor exit', summary: 'Lets chosen devices out through Tor', description: 'Routes devices through Tor.', version: '1.0.0', category: 'exit', rating: 3, state: 'incompatible', incompatible_reason: 'this machine has no /dev/net/tun', reasons: [reason('devices', 'uses the tunnel device', 'routing needs it')] },
    { ...base, kind: 'declarative', id: 'speedtest', label: 'speedtest', name: 'Speed test', summary: 'Measures the line of the house', description: 'A page that measures.', version: '1.0.0', category: 'tools', rating: 6, reasons: [] },
  ]
}

const plugin = (over) => ({ mode: 'in_process', failures: 0, quarantined: false, ...over })
function installed() {
  return [
    {
      id: 'calendar', label: 'calendar', name: 'Calendar and contacts', summary: 'Shared calendars and address books for every device', icon: '/api/store/items/calendar/icon', version: '1.2.0', kind: 'native', mode: 'in_process', category: 'calendar', state: 'running', address: 'https://calendar.home.cell/', enabled: true, installed_at: ahead(-9e5),
      containers: [{ name: 'server', state: 'running', health: 'healthy', image: 'pic/svc-calendar-server:3f', memory_bytes: 4.2e7 }], options: { days: 30 }, options_schema: calendarOptions, accounts: { kind: 'app_passwords', quota: false, login: 'name' },
      clients: [{ title: 'Calendars', kind: 'caldav', value: 'https://calendar.home.cell/{login}/' }, { title: 'Contacts', kind: 'carddav', value: 'https://calendar.home.cell/{login}/' }], plugin: plugin(),
      panels: [
        { kind: 'stat', title: 'Kept', path: '/stats', items: [{ title: 'Calendars', field: 'calendars', kind: 'number' }, { title: 'Entries', field: 'entries', kind: 'number' }, { title: 'Size', field: 'size', kind: 'bytes' }, { title: 'Last change', field: 'changed', kind: 'time' }] },
        { kind: 'table', title: 'Collections', path: '/collections', columns: [{ title: 'Name', field: 'name' }, { title: 'Of', field: 'owner' }, { title: 'Size', field: 'size', kind: 'bytes' }, { title: 'State', field: 'state', kind: 'state' }], empty: 'No collections yet', create: { title: 'Add collection', path: '/collections', schema: { type: 'object', required: ['name'], properties: { name: { type: 'string', title: 'Name', minLength: 1, maxLength: 40 }, kind: { type: 'string', title: 'Kind', enum: ['calendar', 'contacts'], default: 'calendar' } } } }, delete: { title: 'Delete collection', path: '/collections/{id}' } },
        { kind: 'action', title: 'Clean up', text: 'Throws away deleted entries at once.', path: '/clean', method: 'POST', dangerous: true },
      ],
    },
    {
      id: 'files', label: 'files', name: 'Files', summary: 'Your files, reachable from everywhere', icon: '/api/store/items/files/icon', version: '1.0.0', update_version: '1.1.0', kind: 'native', mode: 'isolated', category: 'files', state: 'failed', problem: { message: 'the container server does not get healthy', hint: 'look at its log; the disk may be full' }, address: 'https://files.home.cell/', enabled: true, installed_at: ahead(-4e5),
      containers: [{ name: 'server', state: 'running', health: 'unhealthy', image: 'pic/files:1', memory_bytes: 1.2e7 }], options: {}, options_schema: none, accounts: { kind: 'app_passwords', quota: true, login: 'name' },
      clients: [{ title: 'Files', kind: 'webdav', value: 'https://files.home.cell/dav/' }], panels: [], plugin: plugin({ mode: 'isolated', failures: 2, last_failure: { at: ahead(-500), call: 'handle', message: 'no answer within 10 seconds' } }),
    },
  ]
}

export function makeServices({ empty }) {
  return {
    items: empty ? [] : packages().map((p) => ({ ...p, icon: p.id === 'speedtest' ? null : `/api/store/items/${p.id}/icon`, permissions: p.reasons })),
    services: empty ? [] : installed(),
    sources: empty ? [] : [
      { name: 'cell', location: '/usr/share/cell/store', key_id: 'c3ll-2026', state: 'ok', version: 14, expires: ahead(86400 * 300), first_party: true },
      { name: 'example', location: 'https://store.example.org/', key_id: 'ex-1', state: 'unreachable', problem: 'no connection to store.example.org', version: 3, expires: ahead(86400 * 9), first_party: false },
    ],
    plugins: empty ? [] : [
      { id: 'calendar', version: '1.2.0', mode: 'in_process', abi: '1.0', state: 'ok', failures: 0 },
      { id: 'files', version: '1.0.0', mode: 'isolated', abi: '1.0', state: 'failing', failures: 2, last_failure: { at: ahead(-500), call: 'handle', message: 'no answer within 10 seconds' }, memory_bytes: 9.1e6 },
      { id: 'org.example.camera', version: '0.2.1', mode: 'isolated', abi: '1.0', state: 'quarantined', failures: 5, last_failure: { at: ahead(-4000), call: 'plan', message: 'the process ended with signal 11' }, quarantined_since: ahead(-3900) },
    ],
    passwords: empty ? [] : [{ service: 'calendar', id: 'a1', person_id: 'u1', person: 'admin', login: 'admin', label: 'phone', created_at: ahead(-8e5) }, { service: 'calendar', id: 'a2', person_id: 'u2', person: 'anna', login: 'anna', label: 'laptop', created_at: ahead(-5e5) }],
    quotas: { u2: 5000 },
    collections: [{ id: 'c1', name: 'Family', owner: 'anna', size: 48_000, state: 'ok' }, { id: 'c2', name: 'Work', owner: 'ben', size: 9_100, state: 'changed' }],
  }
}

const phases = { install: ['Fetching the package', 'Making the image', 'Starting', 'Waiting until it is healthy'], update: ['Fetching the package', 'Starting the new version', 'Waiting until it is healthy', 'Removing the old version'], remove: ['Stopping', 'Removing'], configure: ['Writing the files', 'Waiting until it is healthy'], start: ['Starting'], stop: ['Stopping'], restart: ['Stopping', 'Starting'] }

/** Routes for mock-server.mjs. `host` is what it lends: json, problem, empty204, startJob, publish, people. */
export function serviceRoutes(data, host) {
  const { json, problem, empty204, publish, people } = host
  const item = (q) => data.items.find((x) => x.id === q.p.id)
  const service = (q) => data.services.find((x) => x.id === q.p.id)
  const withService = (act) => (q, res) => { const s = service(q); return s ? act(s, q, res) : problem(res, 404, 'not_found', `the service '${q.p.id}' is not installed`) }
  const accountOf = (s, p) => ({ person_id: p.id, name: p.name, login: p.name, ...(s.accounts.quota ? { quota_mb: data.quotas[p.id] ?? null } : {}), passwords: data.passwords.filter((x) => x.service === s.id && x.person_id === p.id).length })
  const job = (verb, name, target, then) => host.startJob(`${verb[0].toUpperCase()}${verb.slice(1)} ${name}`, `service.${verb}`, phases[verb], { target: `service:${target}`, then: () => { then?.(); publish('service', { id: target, state: service({ p: { id: target } })?.state ?? 'stopped' }) } })
  const begun = (res, j) => json(res, { job_id: j.id }, 202)
  const wrongOptions = (q, res) => {
    if (q.body.options?.hostname !== 'localhost') return false
    problem(res, 400, 'invalid_argument', 'an option is wrong', { errors: [{ pointer: '/options/hostname', detail: 'this name is the machine itself' }] })
    return true
  }
  const plan = (q, res) => {
    const p = item(q)
    if (!p) return problem(res, 404, 'not_found', 'the store has no such package')
    if (wrongOptions(q, res)) return
    const s = service(q)
    const action = !s ? 'install' : q.body.version && q.body.version !== s.version ? 'update' : 'configure'
    const address = `https://${p.label}.home.cell/`
    const busy = q.body.options?.max_message_mb === 99
    json(res, {
      id: p.id, version: p.version, action, token: 'plan-1',
      creates: s ? [] : [{ kind: 'container', name: `cell-${p.label}-server`, detail: 'reads only its own files' }, { kind: 'volume', name: `cell-${p.label}-data`, detail: 'backed up while it runs' }, { kind: 'route', name: address, detail: 'asks for an app password' }, { kind: 'dns', name: `${p.label}.home.cell`, detail: '' }],
      changes: s ? [{ kind: 'container', name: `cell-${p.label}-server`, detail: 'started anew with other files' }] : [], removes: [],
      exposes: p.id === 'mail' ? [{ port: 25, protocol: 'tcp', expose: 'public', words: 'other mail servers deliver here' }, { port: 993, protocol: 'tcp', expose: 'vpn', words: 'people read their mail here' }] : [],
      addresses: [address], conflicts: busy ? [{ kind: 'port', name: '25', detail: 'port 25 is used by the container old-mail', fix: 'stop old-mail first' }] : [],
      permissions_added: action === 'update' ? [{ words: 'opens port 8443 to your devices', why: 'large uploads go there' }] : action === 'install' ? p.reasons.map(({ words, why }) => ({ words, why })) : [],
      download_bytes: action === 'configure' ? 0 : p.download_bytes, warnings: p.id === 'mail' ? ['most providers of internet at home block port 25'] : [],
    })
  }
  const add = (p) => {
    data.services.push({ id: p.id, label: p.label, name: p.name, summary: p.summary, icon: p.icon, version: p.version, kind: p.kind, mode: p.kind === 'native' ? 'in_process' : 'declarative', category: p.category, state: 'running', address: `https://${p.label}.home.cell/`, enabled: true, installed_at: now(), containers: [{ name: 'server', state: 'running', health: 'healthy', image: `pic/svc-${p.label}-server:1` }], options: {}, options_schema: p.options, accounts: null, clients: [], panels: [], plugin: plugin() })
    Object.assign(p, { state: 'installed', installed_version: p.version })
  }
  const turn = (verb, state) => withService((s, _q, res) => begun(res, job(verb, s.name, s.id, () => { s.state = state; delete s.problem })))
  // The files service of the mock is the mock itself.
  const here = (s, q) => (s.id === 'files' ? { ...s, address: `http://${q.host}/mockfiles` } : s)
  return {
    'GET /api/store/index': (_q, res) => json(res, { items: data.items, sources: data.sources }),
    'GET /api/store/items/:id': (q, res) => { const p = item(q); if (p) json(res, p); else problem(res, 404, 'not_found', 'the store has no such package') },
    'GET /api/store/items/:id/icon': (q, res) => { res.writeHead(200, { 'Content-Type': 'image/svg+xml' }); res.end(icon({ calendar: '#1f6f8b', mail: '#8b3a1f', files: '#3a6b2f' }[q.p.id] ?? '#5b4b8a', (item(q)?.name ?? '?')[0])) },
    'POST /api/store/refresh': (_q, res) => begun(res, host.startJob('Refresh the store', 'store.refresh', ['Fetching'], { target: 'store' })),
    'GET /api/store/sources': (_q, res) => json(res, { items: data.sources }),
    'POST /api/store/sources': (q, res) => {
      if (!/^(https:\/\/|\/)/.test(q.body.location)) return problem(res, 400, 'invalid_argument', 'this is no address of a store', { errors: [{ pointer: '/location', detail: 'begins with https:// or is a folder' }] })
      const s = { name: q.body.name, location: q.body.location, key_id: 'new-1', state: 'ok', version: 1, expires: ahead(86400 * 90), first_party: false }
      data.sources.push(s)
      json(res, s, 201)
    },
    'DELETE /api/store/sources/:name': (q, res) => { data.sources = data.sources.filter((s) => s.name !== q.p.name); empty204(res) },
    'POST /api/services/:id/plan': plan,
    'POST /api/services/:id/install': (q, res) => {
      const p = item(q)
      p.state = 'installing'
      data.sent = q.body
      begun(res, job('install', p.name, p.id, () => add(p)))
    },
    'GET /api/services': (q, res) => json(res, { items: data.services.filter((s) => q.user.role === 'admin' || s.accounts).map((s) => here(s, q)) }),
    'GET /api/services/:id': withService((s, q, res) => json(res, here(s, q))),
    'POST /api/services/:id/start': turn('start', 'running'),
    'POST /api/services/:id/stop': turn('stop', 'stopped'),
    'POST /api/services/:id/restart': turn('restart', 'running'),
    'PATCH /api/services/:id/options': withService((s, q, res) => begun(res, job('configure', s.name, s.id, () => { s.options = q.body.options }))),
    'POST /api/services/:id/update': withService((s, q, res) => {
      if (!q.body.accept_permissions) return problem(res, 409, 'permissions', 'the update may do more than before', { hint: 'accept what it may do' })
      s.state = 'updating'
      begun(res, job('update', s.name, s.id, () => { Object.assign(s, { version: q.body.version, state: 'running' }); delete s.update_version; delete s.problem; Object.assign(item(q), { state: 'installed', installed_version: s.version }) }))
    }),
    'DELETE /api/services/:id': withService((s, q, res) => {
      data.purged = q.query.get('purge')
      begun(res, job('remove', s.name, s.id, () => { data.services = data.services.filter((x) => x !== s); const p = item(q); p.state = 'available'; delete p.installed_version }))
    }),
    'GET /api/services/:id/app-passwords': (q, res) => json(res, { items: data.passwords.filter((x) => x.service === q.p.id && (q.user.role === 'admin' || x.person_id === q.user.id)) }),
    'POST /api/services/:id/app-passwords': (q, res) => {
      const person = people().find((p) => p.id === (q.body.person_id ?? q.user.id)) ?? q.user
      if (data.passwords.some((x) => x.service === q.p.id && x.person_id === person.id && x.label === q.body.label)) return problem(res, 409, 'conflict', 'there is a password for this device already', { errors: [{ pointer: '/label', detail: 'another password has this name' }] })
      const made = { id: id(), person_id: person.id, person: person.name, login: person.name, label: q.body.label, created_at: now() }
      data.passwords.push({ service: q.p.id, ...made })
      json(res, { ...made, password: 'k7vq-2mxa-9tfd-wz4n-c6rp-3hys' }, 201)
    },
    'DELETE /api/services/:id/app-passwords/:password': (q, res) => { data.passwords = data.passwords.filter((x) => x.id !== q.p.password); empty204(res) },
    'GET /api/services/:id/accounts': withService((s, _q, res) => json(res, { items: people().map((p) => accountOf(s, p)) })),
    'GET /api/services/:id/accounts/:person': withService((s, q, res) => json(res, accountOf(s, people().find((p) => p.id === q.p.person)))),
    'PUT /api/services/:id/accounts/:person': withService((s, q, res) => { data.quotas[q.p.person] = q.body.quota_mb ?? undefined; json(res, accountOf(s, people().find((p) => p.id === q.p.person))) }),
    'GET /api/services/:id/x/stats': (_q, res) => json(res, { calendars: 6, entries: 1240, size: 3.4e6, changed: ahead(-1800) }),
    'GET /api/services/:id/x/collections': (_q, res) => json(res, { items: data.collections }),
    'POST /api/services/:id/x/collections': (q, res) => {
      if (data.collections.some((c) => c.name === q.body.name)) return problem(res, 409, 'conflict', 'the name is taken', { errors: [{ pointer: '/name', detail: 'another collection has this name' }] })
      const c = { id: id(), name: q.body.name, owner: q.user.name, size: 0, state: 'ok' }
      data.collections.push(c)
      json(res, c, 201)
    },
    'DELETE /api/services/:id/x/collections/:collection': (q, res) => { data.collections = data.collections.filter((c) => c.id !== q.p.collection); empty204(res) },
    'POST /api/services/:id/x/clean': (_q, res) => json(res, { message: 'threw away 12 entries' }),
    'GET /api/plugins': (_q, res) => json(res, { items: data.plugins }),
    'PATCH /api/plugins/:id': (q, res) => json(res, Object.assign(data.plugins.find((p) => p.id === q.p.id), { mode: q.body.isolated ? 'isolated' : 'in_process' })),
    'POST /api/plugins/:id/release': (q, res) => { const p = data.plugins.find((x) => x.id === q.p.id); Object.assign(p, { state: 'ok', failures: 0 }); delete p.quarantined_since; json(res, p) },
  }
}
