import type { Service } from '../../api/types'
import { Card, Section, Stat } from '../../components/layout'
import { QueryState } from '../../components/QueryState'
import { fieldOf, type Panel, type Row, type StatPanel } from './panel'
import { ActionCard } from './PanelAction'
import { PanelCell } from './PanelCell'
import { TableSection } from './PanelTable'
import { usePanel } from './queries'

/** A part of the page that a service describes and the cell draws. */
export function PanelView({ service, panel }: { service: Service; panel: Panel }) {
  switch (panel.kind) {
    case 'table': return <TableSection service={service} panel={panel} />
    case 'action': return <ActionCard service={service} panel={panel} />
    case 'stat': return <Stats service={service} panel={panel} />
  }
}

const asObject = (answer: unknown): Row => (typeof answer === 'object' && answer !== null ? (answer as Row) : {})

function Stats({ service, panel }: { service: Service; panel: StatPanel }) {
  const query = usePanel(service.id, panel.path, asObject)
  return (
    <Section title={panel.title}>
      <Card>
        <QueryState query={query} skeleton={<div className="skeleton h-12" />}>
          {(data) => <div className="grid grid-cols-2 gap-4 sm:grid-cols-4">{panel.items.map((i) => <Stat key={i.field} label={i.title} value={<PanelCell kind={i.kind} value={fieldOf(data, i.field)} />} />)}</div>}
        </QueryState>
      </Card>
    </Section>
  )
}
