import { screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import i18n from 'i18next'
import { useState } from 'react'
import { describe, expect, it } from 'vitest'
import { checkDraft, serverErrors } from '../components/schema/check'
import { fieldsOf, initialDraft, say, valuesOf, type JsonSchema, type Values } from '../components/schema/schema'
import { SchemaForm } from '../components/schema/SchemaForm'
import { show } from './render'

const schema: JsonSchema = {
  type: 'object', required: ['host', 'filter'],
  properties: {
    note: { type: 'string', title: 'Note', 'x-multiline': true },
    host: { type: 'string', title: 'Host', description: 'What others call it', format: 'hostname', 'x-order': 1 },
    filter: { type: 'string', title: 'Filter', enum: ['off', 'strict'], 'x-order': 2 },
    size: { type: 'integer', title: 'Size', minimum: 1, maximum: 200, default: 25, 'x-order': 3 },
    open: { type: 'boolean', title: 'Open', default: true },
    blocked: { type: 'array', title: 'Blocked', items: { type: 'string', minLength: 3 } },
    secret: { type: 'string', title: 'Secret', 'x-secret': true },
    relay: { type: 'object', title: 'Relay', required: ['server'], properties: { server: { type: 'string', title: 'Server' }, port: { type: 'integer', title: 'Port', default: 587 } } },
    strange: { type: 'null' },
  },
}
const check = (draft: object, s = schema) => checkDraft(i18n.t, s, { ...initialDraft(s), ...draft } as never)

describe('the fields of a schema', () => {
  it('come by x-order first, then as they are written, and only those that are understood', () => {
    expect(fieldsOf(schema).map((f) => `${f.name}:${f.kind}`)).toEqual(['host:text', 'filter:choice', 'size:number', 'note:lines', 'open:switch', 'blocked:list', 'secret:secret', 'relay:group'])
  })
  it('have titles in the language of the page where the schema has several', () => {
    expect([say('Port', 'de'), say({ en: 'Port', de: 'Anschluss' }, 'de'), say({ en: 'Port' }, 'fr'), say(7, 'en')]).toEqual(['Port', 'Anschluss', 'Port', ''])
  })
})

describe('the values of a form', () => {
  it('begin with the defaults', () => {
    expect(valuesOf(schema, initialDraft(schema))).toEqual({ host: '', filter: 'off', size: 25, open: true, blocked: [], relay: { server: '', port: 587 } })
  })
  it('have the types that the schema asks for', () => {
    const draft = { ...initialDraft(schema), host: 'mail.example.org', size: ' 40 ', open: false, blocked: ['spam@x.org', ' ', 'ads'], relay: { server: 'out.example.org', port: '25' } }
    expect(valuesOf(schema, draft)).toEqual({ host: 'mail.example.org', filter: 'off', size: 40, open: false, blocked: ['spam@x.org', 'ads'], relay: { server: 'out.example.org', port: 25 } })
  })
  it('say nothing of a secret that is not touched, a new one as it is, and null for one that goes away', () => {
    const before: Values = { host: 'a', filter: 'off', secret: null }
    const draft = initialDraft(schema, before)
    expect(draft.secret).toBe('')
    expect('secret' in valuesOf(schema, draft, before)).toBe(false)
    expect(valuesOf(schema, { ...draft, secret: null }, before).secret).toBeNull()
    expect(valuesOf(schema, { ...draft, secret: 'new' }, before).secret).toBe('new')
    expect('secret' in valuesOf(schema, draft)).toBe(false)
  })
  it('take away a number that was emptied, and empty a text that was set', () => {
    const before: Values = { host: 'a', filter: 'off', size: 9, note: 'old' }
    const values = valuesOf(schema, { ...initialDraft(schema, before), size: '', note: '' }, before)
    expect([values.size, values.note]).toEqual([null, ''])
    expect('size' in valuesOf(schema, { ...initialDraft(schema), size: '' })).toBe(false)
  })
  it('keep the type of what can be chosen', () => {
    const numbers: JsonSchema = { type: 'object', properties: { level: { type: 'integer', enum: [1, 2, 3], default: 2 } } }
    expect(initialDraft(numbers)).toEqual({ level: '2' })
    expect(valuesOf(numbers, { level: '3' })).toEqual({ level: 3 })
  })
})

describe('what is wrong with a form', () => {
  const good = { host: 'mail.example.org', relay: { server: 'x', port: '587' } }
  it.each([
    [{}, {}],
    [{ host: '' }, { host: 'This is needed' }],
    [{ host: 'not a name' }, { host: 'a host name, like mail.example.org' }],
    [{ size: '0' }, { size: '1 at least' }],
    [{ size: '201' }, { size: '200 at most' }],
    [{ size: '1.5' }, { size: 'a whole number is needed here' }],
    [{ size: 'many' }, { size: 'a number is needed here' }],
    [{ blocked: ['ok@x', 'ab'] }, { blocked: 'ab: 3 characters at least' }],
    [{ relay: { server: '', port: '587' } }, { 'relay/server': 'This is needed' }],
  ])('%j: %j', (draft, errors) => expect(check({ ...good, ...draft })).toEqual(errors))
  it('leaves a pattern that the browser can not read to the server', () => {
    const s: JsonSchema = { type: 'object', properties: { a: { type: 'string', pattern: '^[a-z]+$' }, b: { type: 'string', pattern: '(?<' } } }
    expect(check({ a: 'A', b: 'x' }, s)).toEqual({ a: 'this does not have the right form' })
  })
  it('takes a secret that is set for one that is there, unless it goes away', () => {
    const s: JsonSchema = { type: 'object', required: ['key'], properties: { key: { type: 'string', 'x-secret': true } } }
    expect(checkDraft(i18n.t, s, { key: '' }, { key: null })).toEqual({})
    expect(checkDraft(i18n.t, s, { key: null }, { key: null })).toEqual({ key: 'This is needed' })
    expect(checkDraft(i18n.t, s, { key: '' })).toEqual({ key: 'This is needed' })
  })
  it('takes what the server says by its pointer', () => {
    expect(serverErrors({ 'options.relay.port': 'taken', version: 'unknown' }, 'options')).toEqual({ 'relay/port': 'taken' })
    expect(serverErrors({ name: 'taken' }, '')).toEqual({ name: 'taken' })
  })
})

describe('a form made of a schema', () => {
  function Form({ onValues, errors = {} }: { onValues: (v: Values) => void; errors?: Record<string, string> }) {
    const [draft, setDraft] = useState(() => initialDraft(schema))
    return <SchemaForm schema={schema} draft={draft} errors={errors} onChange={(d) => { setDraft(d); onValues(valuesOf(schema, d)) }} />
  }
  it('has a control with a label for each property, and gives what is typed', async () => {
    let values: Values = {}
    show(<Form onValues={(v) => { values = v }} />)
    const user = userEvent.setup()
    await user.type(screen.getByLabelText('Host'), 'mail.example.org')
    await user.selectOptions(screen.getByLabelText('Filter'), 'strict')
    await user.click(screen.getByLabelText('Open'))
    await user.click(screen.getByTestId('option-blocked-add'))
    await user.type(screen.getByLabelText('Blocked 1'), 'spam')
    await user.type(screen.getByLabelText('Server'), 'out')
    expect(values).toEqual({ host: 'mail.example.org', filter: 'strict', size: 25, open: false, blocked: ['spam'], relay: { server: 'out', port: 587 } })
    expect((screen.getByTestId('option-secret') as HTMLInputElement).type).toBe('password')
    expect(screen.getByTestId('option-note').tagName).toBe('TEXTAREA')
  })
  it('offers to take a secret away that is set, and to keep it after all', async () => {
    let values: Values = {}
    const before: Values = { secret: null }
    function Set({ required = [] }: { required?: string[] }) {
      const one = { type: 'object', required, properties: { secret: schema.properties!.secret! } }
      const [draft, setDraft] = useState(() => initialDraft(one, before))
      return <SchemaForm schema={one} draft={draft} before={before} onChange={(d) => { setDraft(d); values = valuesOf(one, d, before) }} />
    }
    const { unmount } = show(<Set />)
    const user = userEvent.setup()
    await user.click(screen.getByTestId('option-secret-remove'))
    expect(values).toEqual({ secret: null })
    expect(screen.getByPlaceholderText('Will be removed')).toBeTruthy()
    await user.click(screen.getByTestId('option-secret-remove'))
    expect(values).toEqual({})
    await user.click(screen.getByTestId('option-secret-remove'))
    await user.type(screen.getByTestId('option-secret'), 'new')
    expect(values).toEqual({ secret: 'new' })
    unmount()
    show(<Set required={['secret']} />)
    expect(screen.queryByTestId('option-secret-remove')).toBeNull()
  })
  it('marks the field that is wrong, an entry of a list with its list', () => {
    show(<Form onValues={() => undefined} errors={{ host: 'taken', 'blocked/1': 'unknown sender', 'relay/port': 'closed' }} />)
    expect(screen.getByTestId('option-host').getAttribute('aria-invalid')).toBe('true')
    expect(screen.getByText('Taken')).toBeTruthy()
    expect(screen.getByText('unknown sender')).toBeTruthy()
    expect(screen.getByTestId('option-relay/port').getAttribute('aria-invalid')).toBe('true')
  })
})
