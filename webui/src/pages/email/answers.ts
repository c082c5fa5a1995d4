import { rowsOf, type Panel } from '../services/panel'

/** What the mail service's own routes answer (plugins/mail: /addresses and /dns). They are not part of openapi.json. */
export type AddressKind = 'mailbox' | 'alias' | 'catch_all'
export interface MailAddress { address: string; kind: AddressKind; targets: string[] }
export type RecordState = 'ok' | 'missing' | 'different' | 'unknown'
export interface MailRecord { name: string; type: string; value: string; state: RecordState; found: string }

const text = (x: unknown) => (typeof x === 'string' ? x : '')
const kinds: readonly string[] = ['mailbox', 'alias', 'catch_all'] satisfies AddressKind[]
const states: readonly string[] = ['ok', 'missing', 'different', 'unknown'] satisfies RecordState[]

export const readAddresses = (answer: unknown): MailAddress[] => rowsOf(answer).map((row) => ({
  address: text(row.address),
  kind: (kinds.includes(text(row.kind)) ? row.kind : 'alias') as AddressKind,
  targets: Array.isArray(row.targets) ? row.targets.filter((x): x is string => typeof x === 'string') : [],
}))

/** A state that is not known yet says nothing about the record. */
export const readRecords = (answer: unknown): MailRecord[] => rowsOf(answer).map((row) => ({
  name: text(row.name), type: text(row.type), value: text(row.value), found: text(row.found),
  state: (states.includes(text(row.state)) ? row.state : 'unknown') as RecordState,
}))

/** Where else mail goes: a mailbox keeps what goes to itself. */
export const othersOf = (a: MailAddress) => a.targets.filter((x) => x !== a.address)

const own = ['/addresses', '/dns']
/** Panels of the mail service that this page shows in its own way; none of another service, or of a version without them. */
export const emailPanels = (service: string, panels: readonly Panel[]): string[] =>
  service === 'mail' && own.every((path) => panels.some((p) => p.path === path)) ? own : []
