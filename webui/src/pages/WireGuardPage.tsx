import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useForm } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { ApiError, api } from '../api/client'
import { keys } from '../api/keys'
import type { Body, WireGuard } from '../api/types'
import { Button } from '../components/Button'
import { Copyable } from '../components/Copyable'
import { ErrorNote } from '../components/ErrorState'
import { Field, Input } from '../components/form'
import { Card, Facts, Page, Section, Stat } from '../components/layout'
import { QueryState } from '../components/QueryState'
import { StatusBadge } from '../components/StatusBadge'
import { toast } from '../components/Toast'
import { TrafficChart } from '../components/TrafficChart'
import { bytes, rate } from '../lib/format'
import { serviceTone } from '../lib/state'

export function Component() {
  const { t } = useTranslation()
  const hub = useQuery({ queryKey: keys.wireguard, queryFn: () => api.get<WireGuard>('/api/wireguard'), refetchInterval: 5_000 })
  return (
    <Page title={t('nav.wireguard')} lead={t('wg.lead')} actions={hub.data && <StatusBadge tone={serviceTone(hub.data.state)} testid="wg-state">{t(`state.${hub.data.state}`)}</StatusBadge>}>
      <QueryState query={hub}>
        {(data) => (
          <>
            <Card className="grid grid-cols-2 gap-4 md:grid-cols-4">
              <Stat label={t('wg.devices')} value={t('home.online', { online: data.peers_online, total: data.peer_count })} />
              <Stat label={t('wg.out')} value={rate(data.tx_rate)} hint={t('peers.totalOf', { total: bytes(data.tx_bytes) })} />
              <Stat label={t('wg.in')} value={rate(data.rx_rate)} hint={t('peers.totalOf', { total: bytes(data.rx_bytes) })} />
              <Stat label={t('wg.backend')} value={t(`wg.${data.backend}`)} hint={data.backend_reason} testid="wg-backend" />
            </Card>
            <TrafficChart path="/api/wireguard/traffic" queryKey={keys.hubTraffic} hub />
            <div className="grid items-start gap-5 lg:grid-cols-2">
              <Section title={t('wg.facts')}><Card><HubFacts hub={data} /></Card></Section>
              <Section title={t('wg.settings')} lead={t('wg.settingsLead')}><Card><HubForm hub={data} /></Card></Section>
            </div>
          </>
        )}
      </QueryState>
    </Page>
  )
}

function HubFacts({ hub }: { hub: WireGuard }) {
  const { t } = useTranslation()
  return (
    <Facts items={[
      { label: t('peer.publicKey'), value: <Copyable value={hub.public_key} testid="wg-public-key" /> },
      { label: t('home.endpoint'), value: <Copyable value={`${hub.endpoint.host}:${hub.endpoint.port}`} /> },
      { label: t('wg.interface'), value: `${hub.interface} · MTU ${hub.mtu}` },
      { label: t('wg.pool'), value: <span className="font-mono text-xs">{hub.pool.ipv4}<br />{hub.pool.ipv6}</span> },
      { label: t('wg.hubAddresses'), value: <span className="font-mono text-xs">{hub.hub_addresses.join(', ')}</span> },
      { label: t('wg.dns'), value: <span className="font-mono text-xs">{hub.dns.join(', ')}</span> },
    ]} />
  )
}

interface HubValues { endpoint_host: string; mtu: number; persistent_keepalive: number }

function HubForm({ hub }: { hub: WireGuard }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const { endpoint_host, mtu, persistent_keepalive } = hub.settings
  const form = useForm<HubValues>({ values: { endpoint_host, mtu, persistent_keepalive }, resetOptions: { keepDirtyValues: true } })
  const save = useMutation({
    mutationFn: (v: HubValues) => api.patch<WireGuard>('/api/wireguard', v satisfies Body<'/api/wireguard', 'patch'>, { ifMatch: hub.revision }),
    onSuccess: (next) => {
      client.setQueryData(keys.wireguard, next)
      form.reset(next.settings)
      toast(t('common.saved'))
    },
  })
  const fields = save.error instanceof ApiError ? save.error.fields : {}
  const whole = { valueAsNumber: true, required: true }
  return (
    <form className="flex flex-col gap-4" onSubmit={(e) => void form.handleSubmit((v) => save.mutate(v))(e)} noValidate>
      <Field label={t('setup.endpoint')} hint={t('wg.endpointHint')} error={fields.endpoint_host}>
        <Input {...form.register('endpoint_host')} autoCapitalize="none" spellCheck={false} data-testid="wg-endpoint-host" />
      </Field>
      <Field label={t('wg.mtu')} hint={t('wg.mtuHint')} error={fields.mtu ?? (form.formState.errors.mtu && t('error.required'))}><Input type="number" min={1280} max={9000} {...form.register('mtu', whole)} data-testid="wg-mtu" /></Field>
      <Field label={t('wg.keepalive')} hint={t('wg.keepaliveHint')} error={fields.persistent_keepalive ?? (form.formState.errors.persistent_keepalive && t('error.required'))}><Input type="number" min={0} max={65535} {...form.register('persistent_keepalive', whole)} data-testid="wg-keepalive" /></Field>
      {save.isError && <ErrorNote error={save.error} fields={['endpoint_host', 'mtu', 'persistent_keepalive']} />}
      <div><Button type="submit" variant="primary" disabled={!form.formState.isDirty} busy={save.isPending} data-testid="wg-save">{t('common.save')}</Button></div>
    </form>
  )
}
