import type { TFunction } from 'i18next'
import { fieldsOf, valuesOf, type Draft, type FieldSpec, type JsonSchema, type Values } from './schema'

/** Errors by the field's path; the server checks again, this only spares a way there and back. */
export type Errors = Record<string, string>

const formats: Record<string, RegExp> = {
  email: /^[^\s@]+@[^\s@]+$/,
  hostname: /^(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$/,
  uri: /^[a-z][a-z0-9+.-]*:\S+$/i,
  ipv4: /^\d{1,3}(\.\d{1,3}){3}$/,
}

/** A pattern of a manifest is not ours: one that this engine can't read is left to the server. */
function matches(pattern: string, value: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(value)
  } catch {
    return true
  }
}

function checkNumber(t: TFunction, s: JsonSchema, n: unknown): string | undefined {
  if (typeof n !== 'number') return t('form.number')
  if (s.type === 'integer' && !Number.isInteger(n)) return t('form.integer')
  if (s.minimum !== undefined && n < s.minimum) return t('form.minimum', { least: s.minimum })
  if (s.exclusiveMinimum !== undefined && n <= s.exclusiveMinimum) return t('form.above', { least: s.exclusiveMinimum })
  if (s.maximum !== undefined && n > s.maximum) return t('form.maximum', { most: s.maximum })
  if (s.exclusiveMaximum !== undefined && n >= s.exclusiveMaximum) return t('form.below', { most: s.exclusiveMaximum })
  if (s.multipleOf !== undefined && Math.abs(n / s.multipleOf - Math.round(n / s.multipleOf)) > 1e-9) return t('form.multiple', { of: s.multipleOf })
}

function checkText(t: TFunction, s: JsonSchema, value: string): string | undefined {
  const length = [...value].length
  if (s.minLength !== undefined && length < s.minLength) return t('form.minLength', { count: s.minLength })
  if (s.maxLength !== undefined && length > s.maxLength) return t('form.maxLength', { count: s.maxLength })
  if (s.pattern !== undefined && !matches(s.pattern, value)) return t('form.pattern')
  const format = s.format === undefined ? undefined : formats[s.format]
  if (format && !format.test(value)) return t(`form.format.${s.format}`)
}

function checkList(t: TFunction, s: JsonSchema, items: unknown[]): string | undefined {
  if (s.minItems !== undefined && items.length < s.minItems) return t('form.minItems', { count: s.minItems })
  if (s.maxItems !== undefined && items.length > s.maxItems) return t('form.maxItems', { count: s.maxItems })
  if (s.uniqueItems && new Set(items).size < items.length) return t('form.twice')
  for (const item of items) {
    const wrong = s.items && typeof item === 'string' ? checkText(t, s.items, item) : undefined
    if (wrong) return t('form.item', { item, wrong })
  }
}

function checkField(t: TFunction, field: FieldSpec, value: unknown, before: unknown): string | undefined {
  const isKept = field.kind === 'secret' && value === undefined && before === null
  if (!isKept && (value === undefined || value === null || (value === '' && field.required))) return field.required ? t('error.required') : undefined
  switch (field.kind) {
    case 'number': return checkNumber(t, field.schema, value)
    case 'text':
    case 'lines':
    case 'secret': return value === undefined || value === '' ? undefined : checkText(t, field.schema, String(value))
    case 'choices':
    case 'list': return checkList(t, field.schema, value as unknown[])
    default: return undefined
  }
}

function checkAll(t: TFunction, schema: JsonSchema, values: Values, before: Values, at: string): Errors {
  const errors: Errors = {}
  for (const field of fieldsOf(schema, at)) {
    const value = values[field.name]
    if (field.kind === 'group') Object.assign(errors, checkAll(t, field.schema, (value ?? {}) as Values, (before[field.name] ?? {}) as Values, `${field.path}/`))
    else {
      const wrong = checkField(t, field, value, before[field.name])
      if (wrong) errors[field.path] = wrong
    }
  }
  return errors
}

export const checkDraft = (t: TFunction, schema: JsonSchema, draft: Record<string, Draft>, before?: Values): Errors =>
  checkAll(t, schema, valuesOf(schema, draft, before), before ?? {}, '')

/** What the server complains of: /options/smtp/port, or /smtp/port where the body is the form itself. */
export function serverErrors(fields: Record<string, string>, prefix: string): Errors {
  const out: Errors = {}
  for (const [name, wrong] of Object.entries(fields)) {
    const path = name.replaceAll('.', '/')
    if (prefix === '') out[path] = wrong
    else if (path.startsWith(`${prefix}/`)) out[path.slice(prefix.length + 1)] = wrong
  }
  return out
}
