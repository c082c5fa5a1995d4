// Invented data for mock-server.mjs.
import { randomBytes } from 'node:crypto'

const ahead = (s) => new Date(Date.now() + s * 1000).toISOString()
const key = () => randomBytes(32).toString('base64')
const names = ['anna-phone', 'anna-laptop', 'ben-phone', 'kitchen-tablet', 'living-room-tv', 'ben-desktop', 'mum-phone', 'camera-garden', 'office-printer']

export function makeData({ peers: count, empty }) {
  const people = [{ id: 'u1', name: 'admin', role: 'admin', created_at: ahead(-9e6) }, { id: 'u2', name: 'anna', role: 'peer', created_at: ahead(-4e6) }, { id: 'u3', name: 'ben', role: 'peer', created_at: ahead(-3e5) }]
  const newPeer = (body, id, i = 60) => ({
    id, name: body.name, owner_id: body.owner_id ?? 'u1', owner_name: people.find((p) => p.id === (body.owner_id ?? 'u1'))?.name, tags: body.tags ?? [], enabled: true,
    public_key: body.public_key ?? key(), has_preshared_key: true, key_origin: body.public_key ? 'browser' : 'server',
    addresses: [`10.13.13.${i + 2}`, `fd6a:3c1e:77::${(i + 2).toString(16)}`], policy: body.policy ?? { internet: true, lan: false, peers: false, services: true },
    exit: body.exit ?? null,
    dns_name: `${body.name}.home.cell`, expires_at: body.expires_at ?? null, created_at: ahead(-86400 * i), updated_at: ahead(-3600), config_available: !body.public_key,
    live: { state: 'never', last_handshake_at: null, endpoint: null, rx_rate: 0, tx_rate: 0, rx_bytes: 0, tx_bytes: 0 },
  })
  const peers = Array.from({ length: count }, (_, i) => {
    const p = newPeer({ name: names[i] ?? `device-${i}`, owner_id: `u${(i % 3) + 1}`, tags: i % 2 ? ['mobile'] : i % 3 ? [] : ['family', 'home'] }, `p${i}`, i)
    const s = ['online', 'online', 'idle', 'online', 'never', 'disabled', 'online', 'expired', 'idle'][i % 9]
    if (s === 'disabled') p.enabled = false
    p.live = s === 'never' ? p.live : { state: s, last_handshake_at: ahead(s === 'online' ? -40 : -7000 * (i + 1)), endpoint: `203.0.113.${i}:51820`, rx_rate: s === 'online' ? 4200 * (i + 1) : 0, tx_rate: s === 'online' ? 380000 / (i + 1) : 0, rx_bytes: 7.3e7 * (i + 1), tx_bytes: 9.1e8 * (i + 1) }
    return p
  })
  const containers = ['api', 'caddy', 'dns', 'ntp', 'wireguard'].map((n, i) => ({
    id: `c${i}`, name: `cell-${n}`, image: `pic/${{ api: 'celld', dns: 'coredns', ntp: 'chrony' }[n] ?? n}:1`, state: n === 'ntp' && !empty ? 'exited' : 'running', status: n === 'ntp' && !empty ? 'Exited (1) 3 minutes ago' : 'Up 3 hours', health: n === 'caddy' && !empty ? 'unhealthy' : n === 'ntp' ? null : 'healthy',
    started_at: ahead(-11000), owner: 'cell', core: true, read_only: false, ports: { dns: [{ host_ip: '0.0.0.0', host_port: 53, container_port: 53, protocol: 'udp' }], caddy: [{ host_port: 80, container_port: 80, protocol: 'tcp' }, { host_port: 443, container_port: 443, protocol: 'tcp' }], wireguard: [{ host_port: 51820, container_port: 51820, protocol: 'udp' }] }[n] ?? [], addresses: n === 'api' ? [] : [`172.20.0.${i + 1}`],
  })).concat([{ id: 'x', name: 'media-server', image: 'example/media:latest', state: 'running', status: 'Up 9 days', health: null, started_at: ahead(-800000), owner: null, core: false, read_only: true, ports: [], addresses: ['172.17.0.2'] }])
  const services = ['api', 'dns', 'wireguard', 'caddy']
  const logLine = (ms) => {
    const n = Math.floor(ms / 997)
    return { t: new Date(ms).toISOString(), service: services[n % 4], level: ['info', 'debug', 'info', 'warn', 'info', 'error', 'debug'][n % 7], message: ['request served', 'name resolved', 'peer handshake', 'upstream slow', 'config loaded', 'could not reach upstream 9.9.9.9: timed out after 2 s', 'tick'][n % 7], fields: { status: 200, path: '/api/peers', duration_ms: n % 40 }, request_id: `r-${(n % 5000).toString(16)}` }
  }
  const history = Array.from({ length: empty ? 0 : 180 }, (_, i) => {
    const w = Math.max(0, Math.sin(i / 11) + Math.sin(i / 4) * 0.4)
    return { t: ahead((i - 180) * 480), cpu_percent: 6 + w * 22, memory_bytes: 1.7e9 + w * 3e8, rx_rate: 40000 + w * 9e5, tx_rate: 30000 + w * 2.4e6 }
  })
  const stats = () => ({ t: new Date().toISOString(), cpu_percent: 8 + Math.random() * 12, memory_bytes: 1.9e9, memory_total_bytes: 8.2e9, disk_used_bytes: 4.6e10, disk_total_bytes: 2.5e11, rx_rate: 2e5 + Math.random() * 3e5, tx_rate: 6e5 + Math.random() * 9e5 })
  const data = {
    people, peers, newPeer, containers, logLine, stats,
    setup: { complete: false, code_required: true, defaults: { cell_name: 'home', domain_mode: 'local', timezone: 'Europe/Berlin', endpoint: '192.168.1.20' }, timezones: ['UTC', 'Europe/Berlin', 'Europe/Paris', 'Europe/Moscow', 'America/New_York', 'Asia/Tokyo'] },
    preflight: { ok: true, checks: [
      { id: 'engine', title: 'Container engine', state: 'ok', detail: 'Docker 20.10.24, API 1.41' },
      { id: 'ports', title: 'Ports', state: 'ok', detail: '53, 80, 123, 443 and 51820 are free' },
      { id: 'wireguard', title: 'WireGuard', state: 'warning', detail: 'runs in user space', cause: 'This kernel has no WireGuard module.', fix: 'nothing has to be done; a kernel of version 5.6 or newer makes it faster' },
      { id: 'disk', title: 'Disk', state: 'ok', detail: '204 GB free' }, { id: 'memory', title: 'Memory', state: 'ok', detail: '6.1 GB free' }, { id: 'clock', title: 'Clock', state: 'ok', detail: 'right to within a second' },
    ] },
    health: { status: empty ? 'ok' : 'degraded', ready: true, version: '1.0.0', instance: 'cell', uptime_s: 93784, components: [{ name: 'engine', state: 'ok', detail: '20.10.24' }, { name: 'configuration', state: empty ? 'ok' : 'degraded', ...(empty ? {} : { detail: 'the newest file could not be read, so the one before is in use' }) }] },
    dashboard: () => ({
      health: { status: empty ? 'ok' : 'degraded', items: empty ? [] : [
        { id: 'ntp', severity: 'problem', title: 'The time server is not running', cause: 'The container cell-ntp stopped 3 minutes ago with code 1.', fix: 'Start it again; its log says why it stopped.', action: { label: 'Open its log', href: '/containers?logs=cell-ntp' } },
        { id: 'userspace', severity: 'attention', title: 'WireGuard runs in user space', cause: 'This kernel has no WireGuard module, so the tunnel is slower than it could be.', fix: 'Use a kernel of version 5.6 or newer.', action: null },
      ].map((i) => ({ ...i, ignore_until: data.ignored[i.id] ?? null })) },
      cell: { name: 'home', domain: 'home.cell', version: '1.0.0', uptime_s: 93784, endpoint: 'home.example.org:51820', public_address: null }, stats: stats(), history: { step_s: 480, points: history },
      peers: { total: data.peers.length, online: data.peers.filter((p) => p.live.state === 'online').length }, containers: { running: 4, total: 5 }, certificate: { not_after: ahead(86400 * 61) },
      recent: empty ? [] : [{ t: ahead(-200), kind: 'peer', text: 'anna-phone connected' }, { t: ahead(-3600), kind: 'config', text: 'admin added the record printer.home.cell' }, { t: ahead(-7200), kind: 'login', text: 'admin logged in from 192.168.1.44' }],
    }),
    moveRates: () => Object.fromEntries(data.peers.filter((p) => p.live.state === 'online').map((p) => {
      p.live = { ...p.live, rx_rate: Math.random() * 40000, tx_rate: Math.random() ** 3 * 2e6, last_handshake_at: ahead(-Math.random() * 100), rx_bytes: p.live.rx_bytes + 40000 }
      return [p.id, p.live]
    })),
    sessions: [{ id: 's1', created_at: ahead(-4000), last_seen_at: ahead(-5), expires_at: ahead(8e4), address: '192.168.1.44', user_agent: 'Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0', current: true }, { id: 's2', created_at: ahead(-90000), last_seen_at: ahead(-30000), expires_at: ahead(1e4), address: '10.13.13.2', user_agent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5) Safari/604.1', current: false }],
    apiTokens: empty ? [] : [
      { id: 't1', name: 'backup script', scopes: ['config:read', 'settings:read', 'peers:read'], read_only: false, allowed_sources: ['192.168.1.0/24'], created_at: ahead(-9e5), last_used_at: ahead(-3000), expires_at: ahead(86400 * 60), prefix: 'cell_Qk7x' },
      { id: 't2', name: 'home automation', scopes: ['*'], read_only: true, allowed_sources: [], created_at: ahead(-8e6), expires_at: ahead(-86400), prefix: 'cell_0mZa' },
    ],
    audit: empty ? [] : Array.from({ length: 230 }, (_, i) => ({ id: String(230 - i), t: ahead(-i * 2900 - 60), actor: ['admin', 'anna', 'unknown'][i % 7 === 3 ? 2 : i % 2], action: ['POST /api/peers', 'auth.login', 'PATCH /api/peers/{id}', 'DELETE /api/network/dns/records/{id}', 'PATCH /api/settings', 'POST /api/services/{id}/x/collections', 'POST /api/services/{id}/app-passwords', 'POST /api/unheard/of'][i % 8], target: ['/api/peers', 'anna', '/api/peers/p0', '/api/network/dns/records/r7', '/api/settings', '/api/services/calendar/x/collections', '/api/services/calendar/app-passwords', '/api/unheard/of'][i % 8], result: i % 8 === 1 && i % 3 === 0 ? 'wrong password' : i % 11 === 5 ? 'refused 403' : 'ok', address: ['192.168.1.44', '10.13.13.2', 'fd6a:3c1e:77::3'][i % 3] })),
    tags: ['audit', 'auth', 'config', 'containers', 'dashboard', 'events', 'exits', 'jobs', 'logs', 'network', 'peers', 'people', 'plugins', 'services', 'settings', 'store', 'setup', 'system', 'vault', 'wireguard'],
    exits: empty ? [] : [{ id: 'org.example.gateway/out', service_id: 'org.example.gateway', name: 'Gateway', ipv6: false, state: 'up' }],
    ignored: {},
    links: empty ? [] : [{ id: 'l1', created_at: ahead(-90000), expires_at: ahead(-3600) }, { id: 'l2', created_at: ahead(-9000), expires_at: ahead(3600), used_at: ahead(-8000) }],
    diagnosis: { steps: [{ id: 'handshake', state: 'problem', detail: 'no handshake for 2 hours' }, { id: 'port', state: 'unknown', detail: 'no packet from this device has been seen', fix: 'forward UDP port 51820 of the router to this machine' }, { id: 'route', state: 'ok', detail: 'the route to 10.13.13.2 is there' }, { id: 'dns', state: 'ok', detail: 'anna-phone.home.cell resolves' }] },
    wireguard: { state: 'up', backend: 'userspace', backend_reason: 'this kernel has no WireGuard module', interface: 'wg0', public_key: key(), endpoint: { host: 'home.example.org', port: 51820 }, listen_port: 51820, pool: { ipv4: '10.13.13.0/24', ipv6: 'fd6a:3c1e:77::/64' }, hub_addresses: ['10.13.13.1', 'fd6a:3c1e:77::1'], peer_count: peers.length, peers_online: 4, rx_rate: 41000, tx_rate: 820000, rx_bytes: 4.1e9, tx_bytes: 5.2e10, mtu: 1420, dns: ['10.13.13.1'], settings: { endpoint_host: 'home.example.org', mtu: 1420, persistent_keepalive: 25, client_allowed_ips: ['0.0.0.0/0', '::/0'] }, revision: 14 },
    dns: { zone: 'home.cell', state: 'ok', upstreams: ['9.9.9.9', '1.1.1.1'], cache_s: 3600, listen_port: 53, revision: 14, generated: [{ name: 'home.cell', type: 'A', value: '10.13.13.1', source: 'cell', ttl: 60 }, ...peers.map((p) => ({ name: p.dns_name, type: 'A', value: p.addresses[0], source: 'peer', ttl: 60 })), { name: 'dns.home.cell', type: 'A', value: '172.20.0.3', source: 'container', ttl: 60 }] },
    records: empty ? [] : [{ id: 'r1', name: 'printer', type: 'A', value: '192.168.1.10', ttl: 300, comment: 'Office, second floor' }, { id: 'r2', name: 'mail.example.org', type: 'MX', value: '10 mx.example.org.', ttl: 3600 }],
    ntp: { state: 'ok', synchronised: true, stratum: 3, offset_s: 0.000214, listen_port: 123, servers: ['2.debian.pool.ntp.org'], sources: [{ address: '192.0.2.11', state: 'selected', stratum: 2, offset_s: 0.000214, last_rx_s: 41 }, { address: '192.0.2.19', state: 'candidate', stratum: 2, offset_s: -0.0012, last_rx_s: 66 }, { address: '2001:db8::7', state: 'unreachable', stratum: 0, offset_s: null, last_rx_s: null }] },
    ca: { root: { subject: 'home cell root 2026', sha256: 'A4:0B:77:1E:5C:90:12:F3:A4:0B:77:1E:5C:90:12:F3:A4:0B:77:1E:5C:90:12:F3:A4:0B:77:1E:5C:90:12:F3', not_after: ahead(3e8) }, intermediate: { subject: 'home cell intermediate 1', not_after: ahead(9e7) }, root_url: '/pki/root.crt' },
    verbosity: { core: { root: 'info', services: { http: 'info', engine: 'warn', peers: 'debug' } }, containers: { caddy: 'info', dns: 'info', ntp: 'info', wireguard: 'info' }, entries: [{ name: 'ntp', level: 'info', applied: 'pending_restart' }] },
    jobs: empty ? [] : [{ id: 'j1', kind: 'container.start', title: 'Start cell-ntp', actor: 'admin', state: 'failed', progress: 0.5, created_at: ahead(-170), phases: [{ name: 'Starting', state: 'failed', done: 0, total: 1, unit: '' }], error: { code: 'port_taken', message: 'the container could not be started', cause: 'port 123 is in use by chronyd', fix: 'stop chronyd on this machine: systemctl disable --now chrony' } }],
    settings: { cell_name: 'home', domain: { mode: 'local', name: 'home.cell' }, timezone: 'Europe/Berlin', endpoint_host: 'home.example.org', session: { idle_s: 3600, absolute_s: 86400 }, revision: 14 },
    revisions: empty ? [] : [14, 13, 12, 11].map((revision, i) => ({ revision, t: ahead(-3600 * (i * 9 + 1)), actor: 'admin', summary: ['add the record printer', 'change device anna-phone', 'add device ben-desktop', 'set the cell up'][i], size: 4100 - i * 150 })),
    logs: Array.from({ length: empty ? 0 : 3000 }, (_, i) => logLine(Date.now() - i * 1300)),
  }
  return data
}
