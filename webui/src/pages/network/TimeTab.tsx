import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import { keys } from '../../api/keys'
import type { Body, Ntp } from '../../api/types'
import { Card, Facts, Section } from '../../components/layout'
import { ListForm } from '../../components/ListForm'
import { QueryState } from '../../components/QueryState'
import { StatusBadge, type Tone } from '../../components/StatusBadge'
import { Table } from '../../components/Table'
import { duration, offset } from '../../lib/format'

const tones: Record<Ntp['sources'][number]['state'], Tone> = { selected: 'ok', candidate: 'info', unreachable: 'attention', local: 'neutral' }

export function TimeTab() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const ntp = useQuery({ queryKey: keys.ntp, queryFn: () => api.get<Ntp>('/api/network/ntp'), refetchInterval: 15_000 })
  const save = async (servers: string[]) => { client.setQueryData(keys.ntp, await api.patch<Ntp>('/api/network/ntp', { servers } satisfies Body<'/api/network/ntp', 'patch'>)) }
  return (
    <QueryState query={ntp}>
      {(data) => (
        <div className="flex flex-col gap-6">
          <Section title={t('ntp.title')} lead={t('ntp.lead')}>
            <Card>
              <Facts items={[
                { label: t('common.state'), value: <StatusBadge tone={data.synchronised ? 'ok' : 'attention'} testid="ntp-state">{t(data.synchronised ? 'ntp.synced' : 'ntp.unsynced')}</StatusBadge> },
                { label: t('ntp.stratum'), value: data.stratum },
                { label: t('ntp.offset'), value: data.offset_s == null ? '—' : offset(data.offset_s) },
                { label: t('dns.port'), value: data.listen_port },
              ]} />
            </Card>
          </Section>
          <Section title={t('ntp.sources')}>
            {data.sources.length === 0 ? <p className="text-sm text-muted">{t('ntp.noSources')}</p> : (
              <Table label={t('ntp.sources')} rows={data.sources} rowKey={(s) => s.address} testid="ntp-sources" columns={[
                { key: 'address', label: t('ntp.address'), cell: (s) => <span className="font-mono text-xs break-all">{s.address}</span> },
                { key: 'state', label: t('common.state'), cell: (s) => <StatusBadge tone={tones[s.state] ?? 'neutral'}>{t(`ntp.${s.state}`)}</StatusBadge> },
                { key: 'stratum', label: t('ntp.stratum'), cell: (s) => s.stratum },
                { key: 'offset', label: t('ntp.offset'), cell: (s) => (s.offset_s == null ? '—' : offset(s.offset_s)) },
                { key: 'rx', label: t('ntp.lastRx'), cell: (s) => (s.last_rx_s == null ? '—' : t('ntp.ago', { time: duration(s.last_rx_s) })) },
              ]} />
            )}
          </Section>
          <Section title={t('ntp.servers')} lead={t('ntp.serversLead')}>
            <Card><ListForm label={t('ntp.servers')} values={data.servers} placeholder="pool.ntp.org" onSave={save} testid="ntp-servers" /></Card>
          </Section>
        </div>
      )}
    </QueryState>
  )
}
