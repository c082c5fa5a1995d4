import { Plus, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, IconButton } from '../Button'
import { Checkbox, Field, Input, Select, Textarea } from '../form'
import { PasswordInput } from '../PasswordInput'
import type { Errors } from './check'
import { fieldsOf, say, type Draft, type FieldSpec, type JsonSchema, type Values } from './schema'

interface FormProps {
  schema: JsonSchema
  draft: Record<string, Draft>
  onChange: (draft: Record<string, Draft>) => void
  errors?: Errors
  /** The values in force; a secret that is set is null there. */
  before?: Values | undefined
  at?: string
}

/** A form made of a JSON Schema: one control per property, in the order that the schema wishes. */
export function SchemaForm({ schema, draft, onChange, errors = {}, before, at = '' }: FormProps) {
  return (
    <div className="flex flex-col gap-4">
      {fieldsOf(schema, at).map((f) => (
        <OptionField key={f.path} field={f} value={draft[f.name] === undefined ? '' : draft[f.name] as Draft} before={before?.[f.name]} errors={errors} onChange={(v) => onChange({ ...draft, [f.name]: v })} />
      ))}
    </div>
  )
}

interface FieldProps { field: FieldSpec; value: Draft; before: unknown; errors: Errors; onChange: (value: Draft) => void }

/** An entry of a list is part of the list for whoever reads the error. */
const errorOf = (errors: Errors, path: string) => errors[path] ?? Object.entries(errors).find(([k]) => k.startsWith(`${path}/`))?.[1]

function useWords(field: FieldSpec) {
  const { i18n } = useTranslation()
  return { label: say(field.schema.title, i18n.language) || field.name, hint: say(field.schema.description, i18n.language) || undefined }
}

function OptionField(props: FieldProps) {
  const { t } = useTranslation()
  const { field, value, errors, onChange } = props
  const { label, hint } = useWords(field)
  const testid = `option-${field.path}`
  if (field.kind === 'group') return <Group {...props} label={label} hint={hint} />
  if (field.kind === 'switch') return <Checkbox label={label} hint={hint} checked={value === true} onChange={(e) => onChange(e.target.checked)} data-testid={testid} />
  if (field.kind === 'choices') return <Choices {...props} label={label} hint={hint} />
  if (field.kind === 'list') return <List {...props} label={label} hint={hint} />
  const name = field.required ? label : <>{label} <span className="font-normal text-muted">{t('form.optional')}</span></>
  return <Field label={name} hint={hint} error={errorOf(errors, field.path)}><Control {...props} testid={testid} /></Field>
}

function Control({ field, value, before, onChange, testid }: FieldProps & { testid: string }) {
  const { schema, kind } = field
  const common = { value: typeof value === 'string' ? value : '', 'data-testid': testid, autoComplete: 'off', required: field.required }
  switch (kind) {
    case 'choice': return (
      <Select {...common} onChange={(e) => onChange(e.target.value)}>
        {!field.required && <option value="">—</option>}
        {schema.enum?.map((x) => { const text = typeof x === 'string' ? x : JSON.stringify(x); return <option key={text} value={text}>{text}</option> })}
      </Select>
    )
    case 'lines': return <Textarea {...common} rows={4} onChange={(e) => onChange(e.target.value)} />
    case 'secret': return <SecretControl field={field} value={value} before={before} onChange={onChange} common={common} />
    case 'number': return <Input {...common} inputMode={schema.type === 'integer' ? 'numeric' : 'decimal'} className="sm:max-w-48" onChange={(e) => onChange(e.target.value)} />
    default: return <Input {...common} type={schema.format === 'email' ? 'email' : 'text'} spellCheck={false} autoCapitalize="none" onChange={(e) => onChange(e.target.value)} />
  }
}

/** A secret that is set stays unless another one is written; one that need not be there can be taken away. */
function SecretControl({ field, value, before, onChange, common }: Omit<FieldProps, 'errors'> & { common: { value: string; 'data-testid': string } }) {
  const { t } = useTranslation()
  const isGoing = value === null
  const set = before === null ? { placeholder: t(isGoing ? 'form.secretGoes' : 'form.secretSet'), required: false } : {}
  const input = <PasswordInput {...common} autoComplete="new-password" {...set} onChange={(e) => onChange(e.target.value)} />
  if (before !== null || field.required) return input
  return (
    <div className="flex flex-col gap-2">
      {input}
      <Button variant="ghost" className="self-start" data-testid={`${common['data-testid']}-remove`} onClick={() => onChange(isGoing ? '' : null)}>{t(isGoing ? 'form.secretKeep' : 'form.secretRemove')}</Button>
    </div>
  )
}

type Labelled = FieldProps & { label: string; hint: string | undefined }

function FieldSet({ label, hint, error, testid, children }: { label: string; hint: string | undefined; error?: string | undefined; testid: string; children: ReactNode }) {
  return (
    <fieldset className="flex flex-col gap-2" data-testid={testid}>
      <legend className="mb-2 text-sm font-medium">{label}</legend>
      {hint && <p className="-mt-1 text-xs text-muted">{hint}</p>}
      {children}
      {error && <p role="alert" className="text-xs text-problem">{error}</p>}
    </fieldset>
  )
}

function Group({ field, value, before, errors, onChange, label, hint }: Labelled) {
  return (
    <FieldSet label={label} hint={hint} testid={`option-${field.path}`} error={errors[field.path]}>
      <div className="border-l-2 border-line pl-4">
        <SchemaForm schema={field.schema} draft={value as Record<string, Draft>} onChange={onChange} errors={errors} before={(before ?? {}) as Values} at={`${field.path}/`} />
      </div>
    </FieldSet>
  )
}

function Choices({ field, value, errors, onChange, label, hint }: Labelled) {
  const chosen = value as string[]
  return (
    <FieldSet label={label} hint={hint} testid={`option-${field.path}`} error={errorOf(errors, field.path)}>
      {field.schema.items?.enum?.map(String).map((x) => (
        <Checkbox key={x} label={x} checked={chosen.includes(x)} onChange={(e) => onChange(e.target.checked ? [...chosen, x] : chosen.filter((c) => c !== x))} data-testid={`option-${field.path}-${x}`} />
      ))}
    </FieldSet>
  )
}

function List({ field, value, errors, onChange, label, hint }: Labelled) {
  const { t } = useTranslation()
  const rows = value as string[]
  return (
    <FieldSet label={label} hint={hint} testid={`option-${field.path}`} error={errorOf(errors, field.path)}>
      {rows.map((row, i) => (
        <div key={i} className="flex items-center gap-1">
          <Input value={row} aria-label={`${label} ${i + 1}`} autoCapitalize="none" spellCheck={false} data-testid={`option-${field.path}-${i}`} onChange={(e) => onChange(rows.map((r, n) => (n === i ? e.target.value : r)))} />
          <IconButton icon={X} label={t('common.remove', { name: row })} onClick={() => onChange(rows.filter((_, n) => n !== i))} />
        </div>
      ))}
      <div><Button icon={Plus} onClick={() => onChange([...rows, ''])} data-testid={`option-${field.path}-add`}>{t('common.add')}</Button></div>
    </FieldSet>
  )
}
