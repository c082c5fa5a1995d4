import { useState } from 'react'
import type { Plan } from '../api/types'
import { Card, Section } from '../components/layout'
import { Notice } from '../components/Notice'
import { PlanView } from '../components/PlanView'
import { Prose } from '../components/Prose'
import { Rating } from '../components/Rating'
import { initialDraft, type JsonSchema } from '../components/schema/schema'
import { SchemaForm } from '../components/schema/SchemaForm'
import { ServiceIcon } from '../components/ServiceIcon'

const schema: JsonSchema = {
  type: 'object', required: ['host'],
  properties: {
    host: { type: 'string', title: 'Host', description: 'With a hint below' },
    level: { type: 'string', title: 'Level', enum: ['low', 'high'], default: 'low' },
    size: { type: 'integer', title: 'Size', minimum: 1, maximum: 9, default: 5 },
    open: { type: 'boolean', title: 'Open', description: 'To everybody.' },
    names: { type: 'array', title: 'Names', items: { type: 'string' }, default: ['anna'] },
    days: { type: 'array', title: 'Days', items: { type: 'string', enum: ['Monday', 'Sunday'] } },
    secret: { type: 'string', title: 'Secret', 'x-secret': true },
    note: { type: 'string', title: 'Note', 'x-multiline': true },
    relay: { type: 'object', title: 'Relay', properties: { port: { type: 'integer', title: 'Port', default: 587 } } },
  },
}
const plan: Plan = {
  id: 'mail', version: '1.0.0', action: 'install', token: 't', download_bytes: 190_000_000, addresses: ['https://mail.home.cell/'], warnings: ['port 25 is often blocked'],
  creates: [{ kind: 'container', name: 'cell-mail-server', detail: 'reads its own files' }, { kind: 'volume', name: 'cell-mail-data', detail: '' }], changes: [], removes: [],
  exposes: [{ port: 25, protocol: 'tcp', expose: 'public', words: 'other servers deliver here' }, { port: 993, protocol: 'tcp', expose: 'vpn', words: 'people read here' }],
  conflicts: [{ kind: 'port', name: '25', detail: 'port 25 is used by old-mail', fix: 'stop old-mail' }], permissions_added: [{ words: 'opens port 25', why: 'mail comes there' }],
}

/** What is shown of packages and services. */
export function Packages() {
  const [draft, setDraft] = useState(() => initialDraft(schema))
  return (
    <div className="flex flex-col gap-6">
      <Section title="Rating, ServiceIcon">
        <Card className="flex flex-wrap items-center gap-4">{[6, 4, 2].map((score) => <Rating key={score} score={score} words />)}<ServiceIcon icon={null} /><ServiceIcon icon={null} size={18} /></Card>
      </Section>
      <Section title="Notice">
        <div className="flex flex-col gap-3">{(['ok', 'attention', 'problem', 'info', 'neutral'] as const).map((tone) => <Notice key={tone} tone={tone} title={`Of tone ${tone}`}>What it means.</Notice>)}</div>
      </Section>
      <div className="grid items-start gap-5 lg:grid-cols-2">
        <Section title="SchemaForm"><Card><SchemaForm schema={schema} draft={draft} onChange={setDraft} errors={{ size: '9 at most' }} /></Card></Section>
        <Section title="PlanView"><Card><PlanView plan={plan} /></Card></Section>
      </div>
      <Section title="Prose"><Card><Prose text={'# 1.1.0\n\n- First point\n- Second point\n\nA paragraph.'} /></Card></Section>
    </div>
  )
}
