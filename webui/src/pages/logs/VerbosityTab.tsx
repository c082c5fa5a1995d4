import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import { keys } from '../../api/keys'
import type { Answer, Body, LogLevel, Verbosity, VerbosityEntry } from '../../api/types'
import { Select } from '../../components/form'
import { Card, Section } from '../../components/layout'
import { QueryState } from '../../components/QueryState'
import { StatusBadge } from '../../components/StatusBadge'
import { toast, toastError } from '../../components/Toast'

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'critical', 'off'] as const

/** How much each part writes: the core's own services, and the containers. */
export function VerbosityTab() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const query = useQuery({ queryKey: keys.verbosity, queryFn: () => api.get<Verbosity>('/api/logs/verbosity') })
  const [applied, setApplied] = useState<VerbosityEntry[]>([])
  const save = useMutation({
    mutationFn: ({ core, containers }: Verbosity) => api.put<Answer<'/api/logs/verbosity', 'put'>>('/api/logs/verbosity', { core, containers } satisfies Body<'/api/logs/verbosity', 'put'>),
    onMutate: (next) => client.setQueryData(keys.verbosity, next),
    onSuccess: (answer) => { setApplied(answer.entries); toast(t('common.saved')) },
    onError: toastError,
    onSettled: () => client.invalidateQueries({ queryKey: keys.verbosity }),
  })
  return (
    <QueryState query={query}>
      {(v) => {
        const pending = (name: string) => [...applied, ...v.entries].find((e) => e.name === name)?.applied === 'pending_restart'
        const row = (name: string, label: string, level: LogLevel, onChange: (level: LogLevel) => void) => (
          <Row key={name} name={name} label={label} level={level} pending={pending(name)} onChange={onChange} />
        )
        return (
          <div className="grid items-start gap-6 lg:grid-cols-2">
            <Section title={t('verbosity.core')} lead={t('verbosity.coreLead')}>
              <Card className="!py-1">
                {row('root', t('verbosity.root'), v.core.root, (root) => save.mutate({ ...v, core: { ...v.core, root } }))}
                {Object.entries(v.core.services).map(([name, level]) => row(name, name, level, (l) => save.mutate({ ...v, core: { ...v.core, services: { ...v.core.services, [name]: l } } })))}
              </Card>
            </Section>
            <Section title={t('verbosity.containers')} lead={t('verbosity.containersLead')}>
              <Card className="!py-1">
                {Object.entries(v.containers).map(([name, level]) => row(name, name, level, (l) => save.mutate({ ...v, containers: { ...v.containers, [name]: l } })))}
              </Card>
            </Section>
          </div>
        )
      }}
    </QueryState>
  )
}

function Row({ name, label, level, pending, onChange }: { name: string; label: string; level: LogLevel; pending: boolean; onChange: (level: LogLevel) => void }) {
  const { t } = useTranslation()
  const options: string[] = levels.some((l) => l === level) ? [...levels] : [level, ...levels]
  return (
    <div className="flex flex-wrap items-center gap-3 border-b border-line py-2 last:border-0">
      <span className="min-w-28 flex-1 text-sm break-words">{label}</span>
      {pending && <StatusBadge tone="attention">{t('verbosity.restart')}</StatusBadge>}
      <Select value={level} onChange={(e) => onChange(e.target.value as LogLevel)} aria-label={label} className="!w-32" data-testid={`verbosity-${name}`}>
        {options.map((l) => <option key={l} value={l}>{t(`level.${l}`, { defaultValue: l })}</option>)}
      </Select>
    </div>
  )
}
