/** The part of JSON Schema (draft 7) that options are written in, and what is needed to show it as a form. */
export interface JsonSchema {
  type?: string
  title?: unknown
  description?: unknown
  default?: unknown
  enum?: unknown[]
  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
  exclusiveMaximum?: number
  multipleOf?: number
  minLength?: number
  maxLength?: number
  pattern?: string
  format?: string
  minItems?: number
  maxItems?: number
  uniqueItems?: boolean
  items?: JsonSchema
  properties?: Record<string, JsonSchema>
  required?: string[]
  'x-order'?: number
  'x-secret'?: boolean
  'x-multiline'?: boolean
}

export type Kind = 'text' | 'lines' | 'secret' | 'number' | 'switch' | 'choice' | 'choices' | 'list' | 'group'
/** One field of the form. `path` is where its value stands, as a JSON pointer without the first slash. */
export interface FieldSpec { name: string; path: string; kind: Kind; schema: JsonSchema; required: boolean }

/** What is in the controls: numbers are text until they are read; null is a secret that goes away. */
export type Draft = string | null | boolean | string[] | { [name: string]: Draft }
export type Values = Record<string, unknown>

const isObject = (x: unknown): x is Record<string, unknown> => typeof x === 'object' && x !== null && !Array.isArray(x)

/** A schema that came as JSON. What is not understood is left out rather than shown wrong. */
export const asSchema = (x: unknown): JsonSchema => (isObject(x) ? (x as JsonSchema) : {})

/** A text of a package: in one language, or in several by their code. */
export function say(text: unknown, language: string): string {
  if (typeof text === 'string') return text
  if (!isObject(text)) return ''
  const wanted = text[language] ?? text.en
  return typeof wanted === 'string' ? wanted : ''
}

function kindOf(schema: JsonSchema): Kind | null {
  switch (schema.type) {
    case 'boolean': return 'switch'
    case 'integer':
    case 'number': return schema.enum ? 'choice' : 'number'
    case 'array': return schema.items?.enum ? 'choices' : 'list'
    case 'object': return 'group'
    case 'string': return schema.enum ? 'choice' : schema['x-secret'] ? 'secret' : schema['x-multiline'] ? 'lines' : 'text'
    default: return schema.enum ? 'choice' : null
  }
}

/** The fields of an object's schema: those with x-order first, by it, then in the order they are written. */
export function fieldsOf(schema: JsonSchema, at = ''): FieldSpec[] {
  const fields = Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const kind = kindOf(property)
    // One level of objects, as manifests have it.
    if (!kind || (kind === 'group' && at !== '')) return []
    return [{ name, path: at + name, kind, schema: property, required: schema.required?.includes(name) ?? false }]
  })
  const order = (f: FieldSpec) => f.schema['x-order'] ?? Infinity
  return fields.map((f, i) => [f, i] as const).sort(([a, i], [b, j]) => (order(a) === order(b) ? i - j : order(a) - order(b))).map(([f]) => f)
}

const text = (x: unknown) => (x === undefined || x === null ? '' : typeof x === 'string' ? x : JSON.stringify(x))

function draftOf(field: FieldSpec, value: unknown): Draft {
  switch (field.kind) {
    case 'switch': return value === true
    case 'choices':
    case 'list': return Array.isArray(value) ? value.map(text) : []
    case 'group': return initialDraft(field.schema, isObject(value) ? value : {}, `${field.path}/`)
    // Without a wish, a choice that has to be made begins with its first.
    case 'choice': return value === undefined && field.required ? text(field.schema.enum?.[0]) : text(value)
    default: return text(value)
  }
}

/** What the form begins with: what is set, else the default. */
export function initialDraft(schema: JsonSchema, values: Values = {}, at = ''): Record<string, Draft> {
  return Object.fromEntries(fieldsOf(schema, at).map((f) => [f.name, draftOf(f, values[f.name] === undefined ? f.schema.default : values[f.name])]))
}

function readNumber(raw: string): number | string {
  const n = Number(raw.trim().replace(',', '.'))
  return raw.trim() === '' || !Number.isFinite(n) ? raw : n
}

/** What was emptied is taken away with null; what was never there is not spoken of. */
const taken = (before: unknown) => (before === undefined || before === null ? undefined : null)

/** undefined: left out of the answer. */
function valueOf(field: FieldSpec, draft: Draft, before: unknown): unknown {
  switch (field.kind) {
    case 'switch': return draft === true
    case 'choices':
    case 'list': return (draft as string[]).map((x) => x.trim()).filter(Boolean)
    case 'group': return valuesOf(field.schema, draft as Record<string, Draft>, isObject(before) ? before : {}, `${field.path}/`)
    case 'number': return draft === '' ? taken(before) : readNumber(draft as string)
    case 'choice': return draft === '' ? taken(before) : field.schema.enum?.find((x) => text(x) === draft)
    // The cell tells of a secret only that there is one. Not spoken of, it stays; null takes it away.
    case 'secret': return draft === '' ? undefined : draft
    default: return draft === '' && (before === undefined || before === '') && !field.required ? undefined : draft
  }
}

/** The options as the API takes them. `before`: those in force, with secrets as null. */
export function valuesOf(schema: JsonSchema, draft: Record<string, Draft>, before: Values = {}, at = ''): Values {
  const out: Values = {}
  for (const field of fieldsOf(schema, at)) {
    const value = valueOf(field, draft[field.name] === undefined ? '' : draft[field.name] as Draft, before[field.name])
    if (value !== undefined) out[field.name] = value
  }
  return out
}
