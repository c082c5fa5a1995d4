import { Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { Button, IconButton, LinkButton } from '../components/Button'
import { Checkbox, Field, Input, Segmented, Select } from '../components/form'
import { Card, Section } from '../components/layout'
import { ListForm } from '../components/ListForm'
import { Menu, MenuItem, MenuLine } from '../components/Menu'
import { PasswordInput, StrengthMeter } from '../components/PasswordInput'
import { Switch } from '../components/Switch'
import { Tooltip } from '../components/Tooltip'

const row = 'flex flex-wrap items-center gap-3'

export function Controls() {
  const [on, setOn] = useState(true)
  const [range, setRange] = useState<'day' | 'month' | 'year'>('day')
  const [password, setPassword] = useState('correct horse')
  return (
    <div className="flex flex-col gap-6">
      <Section title="Button">
        <Card className={row}>
          <Button variant="primary" icon={Plus}>Add device</Button><Button>Back</Button><Button variant="ghost">Dismiss</Button><Button variant="danger" icon={Trash2}>Delete device</Button>
          <Button variant="primary" disabled>Save</Button><Button variant="primary" busy>Save</Button>
          <IconButton icon={Trash2} label="Delete" /><LinkButton to="?tab=showing">Open its log</LinkButton>
          <Tooltip text="A tooltip" side="top"><Button>With a tooltip</Button></Tooltip>
        </Card>
      </Section>
      <Section title="Switch, Segmented, Menu">
        <Card className={row}>
          <Switch checked={on} onChange={setOn} label="Turn on or off" /><Switch checked={false} onChange={() => undefined} label="Off" /><Switch checked onChange={() => undefined} label="Not to be changed" disabled />
          <Segmented label="Range" value={range} onChange={setRange} options={[{ value: 'day', label: '24 hours' }, { value: 'month', label: '30 days' }, { value: 'year', label: '1 year' }]} />
          <Menu trigger={<Button>Menu</Button>}><MenuItem icon={Plus} onSelect={() => undefined}>Add</MenuItem><MenuLine /><MenuItem icon={Trash2} danger onSelect={() => undefined}>Delete</MenuItem></Menu>
        </Card>
      </Section>
      <Section title="Form">
        <Card className="grid gap-5 md:grid-cols-2">
          <Field label="Name" hint="With a hint below"><Input defaultValue="anna-phone" /></Field>
          <Field label="Value" error="this is not an IPv4 address"><Input defaultValue="nonsense" className="font-mono" /></Field>
          <Field label="Owner"><Select defaultValue="anna"><option>anna</option><option>ben</option></Select></Field>
          <Field label="Not to be changed"><Input disabled value="home.cell" readOnly /></Field>
          <Field label="Password"><PasswordInput value={password} onChange={(e) => setPassword(e.target.value)} autoComplete="off" /></Field>
          <div className="self-end"><StrengthMeter password={password} /></div>
          <Checkbox label="Internet" hint="All its traffic may leave through the cell." defaultChecked /><Checkbox label="Home network" />
          <ListForm label="Servers" values={['9.9.9.9', '1.1.1.1']} placeholder="9.9.9.9" onSave={() => Promise.resolve()} testid="dev-list" />
        </Card>
      </Section>
    </div>
  )
}
