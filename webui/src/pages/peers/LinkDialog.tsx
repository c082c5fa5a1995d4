import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import { keys } from '../../api/keys'
import type { Body, EnrolLink, NewEnrolLink, Page, Peer } from '../../api/types'
import { Button } from '../../components/Button'
import { Copyable } from '../../components/Copyable'
import { Dialog } from '../../components/Dialog'
import { ErrorNote } from '../../components/ErrorState'
import { Field, Select } from '../../components/form'
import { QrCode } from '../../components/QrCode'
import { QueryState } from '../../components/QueryState'
import { StatusBadge } from '../../components/StatusBadge'
import { Ago } from '../../components/Time'
import { toast, toastError } from '../../components/Toast'

const lifetimes = [3600, 86400, 604800] as const

/** A one-time link with which the device fetches its own configuration. */
export function LinkDialog({ peer, onClose }: { peer: Peer; onClose: () => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [seconds, setSeconds] = useState(86400)
  const path = `/api/peers/${encodeURIComponent(peer.id)}/links`
  const create = useMutation({
    mutationFn: () => api.post<NewEnrolLink>(path, { expires_in: seconds } satisfies Body<'/api/peers/{id}/links', 'post'>),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.peerLinks(peer.id) }),
  })
  return (
    <Dialog open onClose={onClose} title={t('link.title', { name: peer.name })} testid="link-dialog" footer={<Button onClick={onClose}>{t('common.done')}</Button>}>
      <div className="flex flex-col gap-5 text-sm">
        <p>{t('link.text')}</p>
        {create.data ? (
          <div className="flex flex-col gap-3">
            <Copyable value={create.data.url} testid="link-url" />
            <p className="text-xs text-muted">{t('link.once')} <Ago at={create.data.expires_at} /></p>
            <div className="max-w-56"><QrCode text={create.data.url} testid="link-qr" /></div>
          </div>
        ) : (
          <div className="flex flex-wrap items-end gap-3">
            <Field label={t('link.lifetime')} className="min-w-40 flex-1">
              <Select value={seconds} onChange={(e) => setSeconds(Number(e.target.value))}>
                {lifetimes.map((s) => <option key={s} value={s}>{t(`link.${s}`)}</option>)}
              </Select>
            </Field>
            <Button variant="primary" icon={Link2} busy={create.isPending} onClick={() => create.mutate()} data-testid="link-create">{t('link.create')}</Button>
          </div>
        )}
        {create.isError && <ErrorNote error={create.error} />}
        <Links peer={peer} path={path} />
      </div>
    </Dialog>
  )
}

function linkState(l: EnrolLink): 'used' | 'revoked' | 'over' | 'open' {
  if (l.used_at) return 'used'
  if (l.revoked_at) return 'revoked'
  return Date.parse(l.expires_at) < Date.now() ? 'over' : 'open'
}

function Links({ peer, path }: { peer: Peer; path: string }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const links = useQuery({ queryKey: keys.peerLinks(peer.id), queryFn: async () => (await api.get<Page<EnrolLink>>(path)).items })
  const revoke = useMutation({
    mutationFn: (id: string) => api.delete(`${path}/${encodeURIComponent(id)}`),
    onSuccess: () => { toast(t('link.revoked')); void client.invalidateQueries({ queryKey: keys.peerLinks(peer.id) }) },
    onError: toastError,
  })
  return (
    <QueryState query={links} skeleton={<div className="skeleton h-10" />}>
      {(items) => items.length === 0 ? null : (
        <section aria-label={t('link.list')}>
          <h3 className="mb-1 text-sm font-semibold">{t('link.list')}</h3>
          <ul>
            {items.map((l) => {
              const state = linkState(l)
              return (
                <li key={l.id} className="flex min-h-10 flex-wrap items-center gap-2 border-b border-line last:border-0">
                  <span className="flex-1 text-xs text-muted">{t('link.made')} <Ago at={l.created_at} /></span>
                  <StatusBadge tone={state === 'open' ? 'ok' : 'neutral'}>{t(`link.state.${state}`)}</StatusBadge>
                  {state === 'open' && <Button variant="ghost" onClick={() => revoke.mutate(l.id)}>{t('link.revoke')}</Button>}
                </li>
              )
            })}
          </ul>
        </section>
      )}
    </QueryState>
  )
}
