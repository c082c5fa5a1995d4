import { asSchema, say, type JsonSchema } from '../../components/schema/schema'

/** What a service adds to its page, as manifests/schema/contributions.json has it under `ui.panels`. */
export type CellKind = 'text' | 'bytes' | 'number' | 'time' | 'state' | 'secret'
export interface PanelColumn { title: string; field: string; kind: CellKind }
export interface PanelAct { title: string; path: string; schema: JsonSchema }
interface Base { title: string; path: string }
export interface TablePanel extends Base { kind: 'table'; columns: PanelColumn[]; empty: string; create: PanelAct | null; delete: Base | null }
export interface ActionPanel extends Base { kind: 'action'; text: string; schema: JsonSchema; dangerous: boolean }
export interface StatPanel extends Base { kind: 'stat'; items: PanelColumn[] }
export type Panel = TablePanel | ActionPanel | StatPanel
export type Row = Record<string, unknown>

const isObject = (x: unknown): x is Row => typeof x === 'object' && x !== null && !Array.isArray(x)
const list = (x: unknown) => (Array.isArray(x) ? x.filter(isObject) : [])
const kinds: readonly string[] = ['text', 'bytes', 'number', 'time', 'state', 'secret'] satisfies CellKind[]

/** Panels in one language. A kind that is not known yet is left out. */
export function readPanels(panels: readonly unknown[], language: string): Panel[] {
  const words = (x: unknown) => say(x, language)
  const columns = (x: unknown): PanelColumn[] => list(x).map((c) => ({ title: words(c.title), field: String(c.field ?? ''), kind: (kinds.includes(String(c.kind)) ? c.kind : 'text') as CellKind }))
  const base = (x: Row): Base => ({ title: words(x.title), path: String(x.path ?? '') })
  return list(panels).flatMap((p): Panel[] => {
    switch (p.kind) {
      case 'table': return [{
        ...base(p), kind: 'table', columns: columns(p.columns), empty: words(p.empty),
        create: isObject(p.create) ? { ...base(p.create), schema: asSchema(p.create.schema) } : null, delete: isObject(p.delete) ? base(p.delete) : null,
      }]
      case 'action': return [{ ...base(p), kind: 'action', text: words(p.text), schema: asSchema(p.schema), dangerous: p.dangerous === true }]
      case 'stat': return [{ ...base(p), kind: 'stat', items: columns(p.items) }]
      default: return []
    }
  })
}

/** Where a panel's data is: the plugin's own routes, with {name} filled from the row. */
export const panelPath = (service: string, path: string, row: Row = {}) =>
  `/api/services/${encodeURIComponent(service)}/x/${path.replace(/^\/+/, '').replace(/\{(\w+)\}/g, (_all, name: string) => encodeURIComponent(String(row[name] ?? '')))}`

/** A table's answer: a collection, or just its rows. */
export const rowsOf = (answer: unknown): Row[] => list(isObject(answer) ? answer.items : answer)

/** "a.b" goes into the row. */
export const fieldOf = (row: Row, field: string): unknown => field.split('.').reduce<unknown>((at, name) => (isObject(at) ? at[name] : undefined), row)
