import { useQueryClient } from '@tanstack/react-query'
import { ListX, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import { keys } from '../../api/keys'
import type { Service } from '../../api/types'
import { Button, IconButton } from '../../components/Button'
import { ConfirmDialog } from '../../components/ConfirmDialog'
import { EmptyState, Section } from '../../components/layout'
import { QueryState } from '../../components/QueryState'
import { Table, type Column } from '../../components/Table'
import { toast } from '../../components/Toast'
import { fieldOf, panelPath, rowsOf, type Row, type TablePanel } from './panel'
import { PanelCell } from './PanelCell'
import { PanelDialog } from './PanelDialog'
import { usePanel } from './queries'

/** Columns sort by what they hold; a time by its text, which is in order. */
function sortOf(row: Row, field: string): string | number {
  const value = fieldOf(row, field)
  return typeof value === 'number' ? value : String(value ?? '')
}

export function TableSection({ service, panel }: { service: Service; panel: TablePanel }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const query = usePanel(service.id, panel.path, rowsOf)
  const [making, setMaking] = useState(false)
  const [gone, setGone] = useState<Row>()
  const renew = () => client.invalidateQueries({ queryKey: keys.panel(service.id, panel.path) })
  const nameOf = (row: Row) => String(fieldOf(row, panel.columns[0]?.field ?? '') ?? '')
  const columns: Column<Row>[] = panel.columns.map((c) => ({ key: c.field, label: c.title, ...(c.kind === 'secret' ? {} : { sort: (row: Row) => sortOf(row, c.field) }), cell: (row: Row) => <PanelCell kind={c.kind} value={fieldOf(row, c.field)} /> }))
  const remove = panel.delete
  if (remove) columns.push({ key: ' act', label: t('common.actions'), hideLabel: true, className: 'md:text-right', cell: (row) => <IconButton icon={Trash2} label={`${remove.title}: ${nameOf(row)}`} onClick={() => setGone(row)} data-testid={`panel-delete-${nameOf(row)}`} /> })
  return (
    <Section title={panel.title} actions={panel.create && <Button icon={Plus} onClick={() => setMaking(true)} data-testid={`panel-create-${panel.path}`}>{panel.create.title}</Button>}>
      <QueryState query={query} skeleton={<div className="skeleton h-24" />}>
        {(rows) => rows.length === 0 ? <EmptyState icon={ListX} title={panel.empty || t('dns.generatedNone')} />
          : <Table label={panel.title} rows={rows} rowKey={(row) => String(row.id ?? `${rows.indexOf(row)} ${nameOf(row)}`)} columns={columns} testid={`panel-${panel.path}`} />}
      </QueryState>
      {making && panel.create && <PanelDialog service={service} act={panel.create} onDone={renew} onClose={() => setMaking(false)} />}
      {gone && remove && (
        <ConfirmDialog title={`${remove.title}: ${nameOf(gone)}`} act={remove.title} onClose={() => setGone(undefined)} onConfirm={async () => {
          await api.delete(panelPath(service.id, remove.path, gone))
          await renew()
          toast(t('panel.done'))
        }}>{t('panel.deleteText')}</ConfirmDialog>
      )}
    </Section>
  )
}
