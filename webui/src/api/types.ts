/**
 * The shapes of the REST API by the names that the pages use. They are all taken from schema.d.ts, which `make types`
 * makes of the document that celld serves: where a page and the server disagree, the compiler says so.
 */
import type { components, paths } from './schema'

type Path = keyof paths
type Method<P extends Path> = keyof paths[P] & ('get' | 'post' | 'put' | 'patch' | 'delete')
type JsonOf<T> = T extends { content: { 'application/json': infer J } } ? J : never

/** What an operation answers when it succeeds. */
export type Answer<P extends Path, M extends Method<P> = 'get' & Method<P>> =
  paths[P][M] extends { responses: infer R } ? JsonOf<R[keyof R & (200 | 201 | 202)]> : never
/** What it takes. */
export type Body<P extends Path, M extends Method<P>> =
  paths[P][M] extends { requestBody?: infer B } ? JsonOf<NonNullable<B>> : never
/** One of a collection. */
export type Item<P extends Path> = Answer<P> extends { items: (infer I)[] } ? I : never
/** A part of a collection, and where the next begins. */
export type Page<T> = Omit<Answer<'/api/audit'>, 'items'> & { items: T[] }

type Served = components['schemas']['Problem']
type Made = 'detail' | 'request_id'
/** What the browser finds out by itself, such as that no server answers, lacks what only celld can say. */
export type Problem = Omit<Served, Made> & Partial<Pick<Served, Made>>

export type Health = Answer<'/health'>
export type SetupState = Answer<'/api/setup'>
export type SetupRequest = Body<'/api/setup/complete', 'post'>
export type SetupAnswer = Answer<'/api/setup/complete', 'post'>
export type Preflight = Answer<'/api/setup/preflight', 'post'>
export type PreflightCheck = Preflight['checks'][number]

export type Session = Answer<'/api/auth/session'>
export type LoginSession = Item<'/api/auth/sessions'>
export type ApiToken = Item<'/api/auth/tokens'>
export type TokenCreate = Body<'/api/auth/tokens', 'post'>
export type NewApiToken = Answer<'/api/auth/tokens', 'post'>
export type AuditEntry = Item<'/api/audit'>
export type Person = Item<'/api/people'>
export type Role = Person['role']

export type Peer = Item<'/api/peers'>
export type PeerPolicy = Peer['policy']
export type PeerCreate = Body<'/api/peers', 'post'>
export type PeerPatch = Body<'/api/peers/{id}', 'patch'>
export type PeerWithConfig = Answer<'/api/peers', 'post'>
export type EnrolLink = Item<'/api/peers/{id}/links'>
export type NewEnrolLink = Answer<'/api/peers/{id}/links', 'post'>
export type EnrolInfo = Answer<'/api/enrol/{token}'>
export type Enrolled = Answer<'/api/enrol/{token}', 'post'>
export type Diagnosis = Answer<'/api/peers/{id}/diagnosis'>
export type Traffic = Answer<'/api/peers/{id}/traffic'>
export type TrafficRange = Traffic['range']
/** Another way to the internet, which a service offers to devices. */
export type Exit = Item<'/api/exits'>
export type WireGuard = Answer<'/api/wireguard'>

export type Dns = Answer<'/api/network/dns'>
export type DnsRecord = Item<'/api/network/dns/records'>
export type DnsRecordInput = Body<'/api/network/dns/records', 'post'>
export type RecordType = DnsRecord['type']
export type LookupAnswer = Answer<'/api/network/dns/lookup', 'post'>
export type Ntp = Answer<'/api/network/ntp'>
export type VaultCa = Answer<'/api/vault/ca'>

export type Container = Item<'/api/containers'>
export type ContainerStats = Item<'/api/containers/stats'>
export type ContainerLogLine = Item<'/api/containers/{name}/logs'>

export type LogPage = Answer<'/api/logs'>
export type LogItem = Item<'/api/logs'>
export type Verbosity = Answer<'/api/logs/verbosity'>
export type VerbosityEntry = Verbosity['entries'][number]
export type LogLevel = Verbosity['core']['root']

export type Job = Item<'/api/jobs'>
/** The answer of what begins a job. */
export type Begun = Answer<'/api/config/revisions/{number}/restore', 'post'>
export type Settings = Answer<'/api/settings'>
export type SettingsPatch = Body<'/api/settings', 'patch'>
export type Revision = Item<'/api/config/revisions'>
export type Dashboard = Answer<'/api/dashboard'>
export type HistoryPoint = Dashboard['history']['points'][number]
export type HealthItem = DashboardHealth['items'][number]

export type StoreIndex = Answer<'/api/store/index'>
export type StoreItem = Item<'/api/store/index'>
export type StoreDetail = Answer<'/api/store/items/{id}'>
export type StoreSource = Item<'/api/store/sources'>
export type SourceCreate = Body<'/api/store/sources', 'post'>
export type Plan = Answer<'/api/services/{id}/plan', 'post'>
export type PlanRequest = Body<'/api/services/{id}/plan', 'post'>
export type Service = Item<'/api/services'>
export type ServiceState = Service['state']
export type ServiceAccount = Item<'/api/services/{id}/accounts'>
export type AppPassword = Item<'/api/services/{id}/app-passwords'>
export type NewAppPassword = Answer<'/api/services/{id}/app-passwords', 'post'>
export type Plugin = Item<'/api/plugins'>

/** What the event stream brings: `peer.live` by the peer's id, `stats`, `health`; `job` is a Job. */
export type PeerLive = Peer['live']
export type PeerState = PeerLive['state']
export type Stats = Dashboard['stats']
export type DashboardHealth = Dashboard['health']
