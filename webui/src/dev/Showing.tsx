import { Smartphone } from 'lucide-react'
import { Copyable, Secret } from '../components/Copyable'
import { DataTable } from '../components/DataTable'
import { Card, EmptyState, Facts, Section, Stat } from '../components/layout'
import { Logo } from '../components/Logo'
import { QrCode } from '../components/QrCode'
import { Sparkline } from '../components/Sparkline'
import { Chip, StatusBadge } from '../components/StatusBadge'
import { Table } from '../components/Table'
import { Ago } from '../components/Time'
import { TimeSeries } from '../components/TimeSeries'
import { bytes, rate } from '../lib/format'

const now = Date.now()
const times = Array.from({ length: 144 }, (_, i) => (now - (144 - i) * 600_000) / 1000)
const wave = (phase: number) => times.map((_, i) => 200_000 * (1 + Math.sin(i / 9 + phase)))
const samples = Array.from({ length: 50 }, (_, i) => [now - (50 - i) * 2000, 5000 + 4000 * Math.sin(i / 4)] as const)
const rows = Array.from({ length: 40 }, (_, i) => ({ id: i, name: `device-${i}`, size: (i * 7919) % 100_003 }))

export function Showing() {
  return (
    <div className="flex flex-col gap-6">
      <Section title="StatusBadge, Chip, Logo, Time">
        <Card className="flex flex-wrap items-center gap-3">
          <StatusBadge tone="ok">Running</StatusBadge><StatusBadge tone="attention">Needs restart</StatusBadge><StatusBadge tone="problem">Down</StatusBadge><StatusBadge tone="info">Starting</StatusBadge><StatusBadge tone="neutral">Not known</StatusBadge>
          <Chip>family</Chip><Logo /><Ago at={new Date(now - 180_000).toISOString()} />
        </Card>
      </Section>
      <Section title="Stat, Sparkline, Facts, Copyable, Secret">
        <Card className="grid gap-5 sm:grid-cols-3">
          <Stat label="Memory" value={bytes(1.9e9)} hint={`of ${bytes(8.2e9)}`} /><Stat label="To the device" value={rate(826_000)} /><div className="self-center"><Sparkline samples={samples} now={now} /></div>
          <div className="sm:col-span-3"><Facts items={[{ label: 'Public key', value: <Copyable value="6eJ7iZyTbYSa0m3Dcq3YyZVR0GZlD2cPz4Tzb4kNpxs=" /> }, { label: 'Secret', value: <Secret value="not a secret" /> }]} /></div>
        </Card>
      </Section>
      <Section title="TimeSeries">
        <Card><TimeSeries label="Traffic" times={times} format={rate} series={[{ label: 'In', color: '--c-accent', values: wave(0) }, { label: 'Out', color: '--c-attention', dashed: true, values: wave(2) }]} /></Card>
      </Section>
      <Section title="Table">
        <Table label="Records" rows={rows.slice(0, 3)} rowKey={(r) => String(r.id)} columns={[{ key: 'name', label: 'Name', sort: (r) => r.name, cell: (r) => r.name }, { key: 'size', label: 'Size', sort: (r) => r.size, cell: (r) => bytes(r.size) }]} />
      </Section>
      <Section title="QrCode, EmptyState">
        <div className="grid items-start gap-5 sm:grid-cols-2"><QrCode text="https://home.cell" /><EmptyState icon={Smartphone} title="No devices yet">A device you add reaches the cell from anywhere.</EmptyState></div>
      </Section>
      <Section title="DataTable">
        <DataTable label="Devices" rows={rows} rowKey={(r) => String(r.id)} first={{ key: 'name', down: false }} columns={[{ key: 'name', label: 'Name', sort: (r) => r.name, cell: (r) => <a href={`#${r.id}`} className="hover:underline">{r.name}</a> }, { key: 'size', label: 'Size', wide: true, className: 'text-right', sort: (r) => r.size, cell: (r) => bytes(r.size) }]} />
      </Section>
    </div>
  )
}
