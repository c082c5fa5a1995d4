/**
 * Shapes of the REST API. Every other file imports them from here, so that they can be taken from the
 * generated schema.d.ts (npm run types) in one place.
 */
export interface Problem {
  type: string
  title: string
  status: number
  detail?: string
  hint?: string
  request_id?: string
  setup?: string
  errors?: { pointer: string; detail: string }[]
}
export interface Page<T> { items: T[]; next_cursor?: string | null }

export interface Health {
  status: 'ok' | 'degraded' | 'starting'
  ready: boolean
  version: string
  instance: string
  setup_complete: boolean
  uptime_s: number
  components: { name: string; state: 'ok' | 'degraded' | 'down' | 'pending'; detail?: string }[]
}

export interface SetupState {
  complete: boolean
  code_required: boolean
  defaults: { cell_name: string; domain_mode: string; timezone: string; endpoint?: string | null }
  timezones: string[]
}
export interface PreflightCheck {
  id: string
  title: string
  state: 'ok' | 'warning' | 'problem'
  detail: string
  cause?: string
  fix?: string
}
export interface Preflight { ok: boolean; checks: PreflightCheck[] }
export interface SetupRequest {
  setup_code?: string
  cell_name: string
  domain: { mode: 'local' }
  timezone: string
  endpoint?: string
  admin: { name: string; password: string }
}
export interface SetupAnswer { job_id: string; session: Session; peer_id?: string }

export type Role = 'admin' | 'peer'
export interface Session {
  user: { id: string; name: string; role: Role }
  csrf_token: string
  expires_at: string
  idle_expires_at: string
}
export interface LoginSession {
  id: string
  created_at: string
  last_seen_at: string
  expires_at: string
  address: string
  user_agent: string
  current: boolean
}
export interface ApiToken {
  id: string
  name: string
  scopes: string[]
  read_only: boolean
  allowed_sources: string[]
  expires_at?: string | null
  created_at: string
  last_used_at?: string | null
  prefix: string
}
export interface NewApiToken extends ApiToken { token: string }
export interface TokenCreate { name: string; scopes: string[]; read_only?: boolean; allowed_sources?: string[]; expires_at?: string | null }
export interface AuditEntry { id: string; t: string; actor: string; action: string; target: string; result: string; address: string }
export interface Person { id: string; name: string; role: Role; created_at: string; password_changed_at?: string | null }

export interface PeerPolicy { internet: boolean; lan: boolean; peers: boolean; services: boolean }
export type PeerState = 'online' | 'idle' | 'never' | 'disabled' | 'expired'
export interface PeerLive {
  state: PeerState
  last_handshake_at?: string | null
  endpoint?: string | null
  rx_rate: number
  tx_rate: number
  rx_bytes: number
  tx_bytes: number
}
export interface Peer {
  id: string
  name: string
  owner_id?: string | null
  owner_name?: string | null
  tags: string[]
  enabled: boolean
  public_key: string
  has_preshared_key: boolean
  key_origin: 'browser' | 'server'
  addresses: string[]
  policy: PeerPolicy
  dns_name: string
  expires_at?: string | null
  created_at: string
  updated_at: string
  config_available: boolean
  live: PeerLive
}
export interface PeerWithConfig extends Peer { config: string }
export interface PeerCreate {
  name: string
  owner_id?: string
  tags?: string[]
  public_key?: string
  policy?: PeerPolicy
  expires_at?: string | null
}
export interface PeerPatch {
  name?: string
  owner_id?: string | null
  tags?: string[]
  policy?: PeerPolicy
  enabled?: boolean
  expires_at?: string | null
}
export type TrafficRange = '24h' | '30d' | '1y'
export interface Traffic { range: TrafficRange; step_s: number; points: { t: string; rx: number; tx: number }[] }
export interface EnrolLink { id: string; created_at: string; expires_at: string; used_at?: string | null; revoked_at?: string | null }
export interface NewEnrolLink { id: string; url: string; token: string; expires_at: string }
export interface EnrolInfo { peer_name: string; cell_name: string; expires_at: string; key_needed: boolean }
export interface Diagnosis { steps: { id: 'handshake' | 'port' | 'route' | 'dns'; state: 'ok' | 'problem' | 'unknown'; detail: string; fix?: string }[] }

export interface WireGuard {
  state: 'up' | 'down' | 'pending'
  backend: 'kernel' | 'userspace'
  backend_reason?: string
  interface: string
  public_key: string
  endpoint: { host: string; port: number }
  listen_port: number
  pool: { ipv4: string; ipv6: string }
  hub_addresses: string[]
  peer_count: number
  peers_online: number
  rx_rate: number
  tx_rate: number
  rx_bytes: number
  tx_bytes: number
  mtu: number
  dns: string[]
  settings: { endpoint_host: string; mtu: number; persistent_keepalive: number; client_allowed_ips: string[] }
  revision?: number | string
}

export type RecordType = 'A' | 'AAAA' | 'CNAME' | 'TXT' | 'MX' | 'SRV'
export interface DnsRecordInput { name: string; type: RecordType; value: string; ttl: number; comment?: string }
export interface DnsRecord extends DnsRecordInput { id: string }
export interface GeneratedRecord { name: string; type: string; value: string; source: 'peer' | 'container' | 'service' | 'cell'; ttl: number }
export interface Dns {
  zone: string
  state: string
  upstreams: string[]
  cache_s?: number
  listen_port: number
  generated: GeneratedRecord[]
  revision?: number | string
}
export interface Ntp {
  state: string
  sources: { address: string; state: 'selected' | 'candidate' | 'unreachable' | 'local'; stratum: number; offset_s?: number | null; last_rx_s?: number | null }[]
  servers: string[]
  stratum: number
  offset_s?: number | null
  synchronised: boolean
  listen_port: number
}
export interface LookupAnswer { answers: { name: string; type: string; ttl: number; value: string }[]; rcode: string; duration_ms: number }

export interface Certificate { names: string[]; issuer: string; not_before: string; not_after: string; state: string }
export interface VaultCa {
  root: { subject: string; sha256: string; not_after: string }
  intermediate: { subject: string; not_after: string }
  root_url: string
}

export interface Container {
  id: string
  name: string
  image: string
  state: string
  status: string
  health?: string | null
  started_at?: string | null
  owner?: string | null
  core: boolean
  read_only: boolean
  ports: { host_ip?: string; host_port?: number | null; container_port: number; protocol: string }[]
  addresses: string[]
}
export interface ContainerStats {
  name: string
  cpu_percent: number
  memory_bytes: number
  memory_limit_bytes: number
  rx_bytes: number
  tx_bytes: number
  pids: number
}
export interface ContainerLogLine { t: string; stream: 'stdout' | 'stderr'; line: string }

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'critical'
export interface LogItem {
  t: string
  service: string
  level: string
  message: string
  fields?: Record<string, unknown>
  request_id?: string
  job_id?: string
}
export interface LogPage extends Page<LogItem> { services: string[] }
export interface VerbosityEntry { name: string; level: string; applied: 'hot' | 'pending_restart' }
export interface Verbosity {
  core: { root: string; services: Record<string, string> }
  containers: Record<string, string>
  entries?: VerbosityEntry[]
}

export interface JobPhase { name: string; state: string; done: number; total: number; unit?: string }
export interface Job {
  id: string
  kind: string
  title: string
  actor?: string
  target?: string | null
  state: 'queued' | 'running' | 'done' | 'failed' | 'cancelled'
  progress: number
  phases: JobPhase[]
  error?: { code: string; message: string; cause?: string; fix?: string } | null
  created_at: string
  started_at?: string | null
  ended_at?: string | null
}

export interface Stats {
  t: string
  cpu_percent: number
  memory_bytes: number
  memory_total_bytes: number
  disk_used_bytes: number
  disk_total_bytes: number
  rx_rate: number
  tx_rate: number
}
export interface HealthItem {
  id: string
  severity: 'problem' | 'attention' | 'info'
  title: string
  cause?: string
  fix?: string
  action?: { label: string; href: string } | null
  ignore_until?: string | null
}
export interface DashboardHealth { status: string; items: HealthItem[] }
export interface HistoryPoint { t: string; cpu_percent: number; memory_bytes: number; rx_rate: number; tx_rate: number }
export interface Dashboard {
  health: DashboardHealth
  cell: { name: string; domain: string; version: string; uptime_s: number; endpoint: string; public_address?: string | null }
  stats: Stats
  history: { step_s: number; points: HistoryPoint[] }
  peers: { total: number; online: number }
  containers: { running: number; total: number }
  certificate?: { not_after: string } | null
  recent: { t: string; kind: string; text: string }[]
}

export interface Settings {
  cell_name: string
  domain: { mode: string; name: string }
  timezone: string
  endpoint_host: string
  session?: { idle_s: number; absolute_s: number }
  revision: number | string
}
export interface SettingsPatch { cell_name?: string; timezone?: string; endpoint_host?: string; session?: { idle_s: number; absolute_s: number } }
export interface Revision { revision: number; t: string; actor?: string; summary: string; size: number }
