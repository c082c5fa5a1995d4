import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keys } from '../../api/keys'
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
import type { FilesApi, Item } from './api'

const lifetimes = [86_400, 604_800, 2_592_000, 0] as const

/** A link with which anybody who reaches the cell can read this, and nothing else. */
export function ShareDialog({ api, item, onClose }: { api: FilesApi; item: Item; onClose: () => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [seconds, setSeconds] = useState<number>(604_800)
  const queryKey = keys.files('shares', item.path)
  const shares = useQuery({ queryKey, queryFn: () => api.shares(item.path) })
  const renew = () => client.invalidateQueries({ queryKey })
  const create = useMutation({ mutationFn: () => api.share(item.path, seconds || null), onSuccess: renew })
  const revoke = useMutation({ mutationFn: api.unshare, onSuccess: async () => { await renew(); toast(t('link.revoked')) }, onError: toastError })
  return (
    <Dialog open onClose={onClose} title={t('files.shareTitle', { name: item.name })} testid="share-dialog" footer={<Button onClick={onClose}>{t('common.done')}</Button>}>
      <div className="flex flex-col gap-5 text-sm">
        <p>{t(item.kind === 'folder' ? 'files.shareFolder' : 'files.shareText')}</p>
        {create.data ? (
          <div className="flex flex-col gap-3">
            <Copyable value={create.data.url} testid="share-url" />
            <p className="text-xs text-muted">{t('files.shareOnce')}</p>
            <div className="max-w-48"><QrCode text={create.data.url} testid="share-qr" /></div>
          </div>
        ) : (
          <div className="flex flex-wrap items-end gap-3">
            <Field label={t('link.lifetime')} className="min-w-40 flex-1"><Select value={seconds} onChange={(e) => setSeconds(Number(e.target.value))} data-testid="share-lifetime">{lifetimes.map((s) => <option key={s} value={s}>{t(`files.lifetime.${s}`)}</option>)}</Select></Field>
            <Button variant="primary" icon={Link2} busy={create.isPending} onClick={() => create.mutate()} data-testid="share-create">{t('link.create')}</Button>
          </div>
        )}
        {create.isError && <ErrorNote error={create.error} />}
        <QueryState query={shares} skeleton={<div className="skeleton h-10" />}>
          {(all) => all.length === 0 ? null : (
            <section aria-label={t('link.list')}>
              <h3 className="mb-1 font-semibold">{t('link.list')}</h3>
              <ul>
                {all.map((s) => (
                  <li key={s.id} className="flex min-h-10 flex-wrap items-center gap-2 border-b border-line last:border-0">
                    <span className="flex-1 text-xs text-muted">{t('link.made')} <Ago at={s.created} />{s.expires && <> · {t('files.ends')} <Ago at={s.expires} /></>}</span>
                    <StatusBadge tone={s.expired || s.missing ? 'neutral' : 'ok'}>{t(s.expired ? 'link.state.over' : 'link.state.open')}</StatusBadge>
                    <Button variant="ghost" onClick={() => revoke.mutate(s.id)} data-testid={`share-revoke-${s.id}`}>{t('link.revoke')}</Button>
                  </li>
                ))}
              </ul>
            </section>
          )}
        </QueryState>
      </div>
    </Dialog>
  )
}
