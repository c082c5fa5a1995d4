import { useMutation, useQueryClient, type UseQueryResult } from '@tanstack/react-query'
import { Search } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import { keys } from '../../api/keys'
import type { Body, Dns, LookupAnswer } from '../../api/types'
import { Button } from '../../components/Button'
import { ErrorNote } from '../../components/ErrorState'
import { Field, Input, Select } from '../../components/form'
import { Card, Facts, Section } from '../../components/layout'
import { ListForm } from '../../components/ListForm'
import { QueryState } from '../../components/QueryState'
import { StatusBadge } from '../../components/StatusBadge'
import { Table } from '../../components/Table'
import { serviceTone } from '../../lib/state'

export function ResolverTab({ query }: { query: UseQueryResult<Dns> }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const save = async (revision: Dns['revision'], upstreams: string[]) => {
    const next = await api.patch<Dns>('/api/network/dns', { upstreams } satisfies Body<'/api/network/dns', 'patch'>, { ifMatch: revision })
    client.setQueryData(keys.dns, next)
  }
  return (
    <div className="grid items-start gap-6 lg:grid-cols-2">
      <Section title={t('dns.resolver')} lead={t('dns.upstreamsLead')}>
        <QueryState query={query}>
          {(dns) => (
            <Card className="flex flex-col gap-4">
              <Facts items={[
                { label: t('common.state'), value: <StatusBadge tone={serviceTone(dns.state)}>{t(`state.${dns.state}`, { defaultValue: dns.state })}</StatusBadge> },
                { label: t('dns.zone'), value: <code className="font-mono text-xs">{dns.zone}</code> },
                { label: t('dns.port'), value: dns.listen_port },
              ]} />
              <h3 className="text-sm font-semibold">{t('dns.upstreams')}</h3>
              <ListForm label={t('dns.upstreams')} values={dns.upstreams} placeholder="9.9.9.9" onSave={(v) => save(dns.revision, v)} testid="dns-upstreams" />
            </Card>
          )}
        </QueryState>
      </Section>
      <Lookup zone={query.data?.zone ?? ''} />
    </div>
  )
}

/** Asks the cell's own resolver, so that the answer is the one devices get. */
function Lookup({ zone }: { zone: string }) {
  const { t } = useTranslation()
  const [name, setName] = useState('')
  const [type, setType] = useState('A')
  const ask = useMutation({ mutationFn: () => api.post<LookupAnswer>('/api/network/dns/lookup', { name: name.trim(), type } satisfies Body<'/api/network/dns/lookup', 'post'>) })
  return (
    <Section title={t('lookup.title')} lead={t('lookup.lead')}>
      <Card className="flex flex-col gap-4">
        <form className="flex flex-wrap items-end gap-2" onSubmit={(e) => { e.preventDefault(); if (name.trim()) ask.mutate() }}>
          <Field label={t('dns.name')} className="min-w-40 flex-1"><Input value={name} onChange={(e) => setName(e.target.value)} placeholder={zone || 'example.org'} autoCapitalize="none" spellCheck={false} data-testid="lookup-name" /></Field>
          <Field label={t('dns.type')}><Select value={type} onChange={(e) => setType(e.target.value)} data-testid="lookup-type">{['A', 'AAAA', 'CNAME', 'TXT', 'MX', 'SRV', 'NS', 'PTR'].map((x) => <option key={x}>{x}</option>)}</Select></Field>
          <Button type="submit" icon={Search} busy={ask.isPending} data-testid="lookup-ask">{t('lookup.ask')}</Button>
        </form>
        {ask.isError && <ErrorNote error={ask.error} />}
        {ask.data && (
          <div className="flex flex-col gap-3" data-testid="lookup-answer" aria-live="polite">
            <p className="text-sm"><StatusBadge tone={ask.data.rcode === 'NOERROR' ? 'ok' : 'attention'}>{ask.data.rcode}</StatusBadge> <span className="text-muted">{t('lookup.took', { ms: Math.round(ask.data.duration_ms * 10) / 10 })}</span></p>
            {ask.data.answers.length === 0 ? <p className="text-sm text-muted">{t('lookup.none')}</p> : (
              <Table label={t('lookup.title')} rows={ask.data.answers} rowKey={(a) => `${a.name}${a.type}${a.value}`} columns={[
                { key: 'type', label: t('dns.type'), cell: (a) => a.type },
                { key: 'value', label: t('dns.value'), cell: (a) => <span className="font-mono text-xs break-all">{a.value}</span> },
                { key: 'ttl', label: t('dns.ttl'), cell: (a) => `${a.ttl} s` },
              ]} />
            )}
          </div>
        )}
      </Card>
    </Section>
  )
}
