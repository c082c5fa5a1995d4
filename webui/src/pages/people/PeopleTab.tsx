import { useQueryClient } from '@tanstack/react-query'
import { Pencil, Plus, Trash2, UserRound } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import { keys } from '../../api/keys'
import { usePeople, useSession } from '../../api/queries'
import type { Person } from '../../api/types'
import { Button, IconButton } from '../../components/Button'
import { ConfirmDialog } from '../../components/ConfirmDialog'
import { EmptyState, Section } from '../../components/layout'
import { QueryState } from '../../components/QueryState'
import { Chip } from '../../components/StatusBadge'
import { Table } from '../../components/Table'
import { Ago } from '../../components/Time'
import { toast } from '../../components/Toast'
import { PersonDialog } from './PersonDialog'

export function PeopleTab() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const people = usePeople()
  const me = useSession().data?.user.id
  const [edit, setEdit] = useState<Person | 'new'>()
  const [remove, setRemove] = useState<Person>()
  return (
    <Section title={t('people.lead')} actions={<Button variant="primary" icon={Plus} onClick={() => setEdit('new')} data-testid="person-add">{t('people.add')}</Button>}>
      <QueryState query={people}>
        {(rows) => rows.length === 0 ? <EmptyState icon={UserRound} title={t('people.empty')} /> : (
          <Table label={t('people.title')} rows={rows} rowKey={(p) => p.id} testid="people-table" columns={[
            { key: 'name', label: t('login.name'), sort: (p) => p.name, cell: (p) => <button type="button" className="font-medium hover:underline" onClick={() => setEdit(p)} data-testid={`person-${p.name}`}>{p.name}{p.id === me && <span className="ml-2 font-normal text-muted">{t('people.you')}</span>}</button> },
            { key: 'role', label: t('people.role'), cell: (p) => <Chip>{t(`role.${p.role}`)}</Chip> },
            { key: 'created', label: t('peer.created'), cell: (p) => <Ago at={p.created_at} /> },
            { key: 'act', label: t('common.actions'), hideLabel: true, className: 'md:text-right', cell: (p) => (
              <>
                <IconButton icon={Pencil} label={t('people.editTitle', { name: p.name })} onClick={() => setEdit(p)} data-testid={`person-edit-${p.name}`} />
                {p.id !== me && <IconButton icon={Trash2} label={t('people.delete', { name: p.name })} onClick={() => setRemove(p)} data-testid={`person-delete-${p.name}`} />}
              </>
            ) },
          ]} />
        )}
      </QueryState>
      {edit && <PersonDialog person={edit === 'new' ? undefined : edit} onClose={() => setEdit(undefined)} />}
      {remove && (
        <ConfirmDialog title={t('people.delete', { name: remove.name })} act={t('people.deleteAct')} typed={remove.name} onClose={() => setRemove(undefined)} onConfirm={async () => {
          await api.delete(`/api/people/${encodeURIComponent(remove.id)}`)
          await client.invalidateQueries({ queryKey: keys.people })
          toast(t('people.deleted', { name: remove.name }))
        }}>{t('people.deleteText')}</ConfirmDialog>
      )}
    </Section>
  )
}
