import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../../api/client'
import { keys } from '../../api/keys'
import { useIsAdmin, usePeople } from '../../api/queries'
import type { PeerCreate } from '../../api/types'
import { Button } from '../../components/Button'
import { Dialog } from '../../components/Dialog'
import { ErrorNote } from '../../components/ErrorState'
import { Field, Input, Select } from '../../components/form'
import { createDevice, type KeyOrigin } from '../../lib/device'
import { ConnectPanel } from './ConnectPanel'
import { defaultPolicy, PolicyFields } from './PolicyFields'
import { parseTags } from './state'

interface Draft { name: string; owner: string; tags: string; policy: typeof defaultPolicy; expires: string; origin: KeyOrigin }
const blank: Draft = { name: '', owner: '', tags: '', policy: defaultPolicy, expires: '', origin: 'browser' }

function toRequest(d: Draft, admin: boolean): PeerCreate {
  const tags = parseTags(d.tags)
  return {
    name: d.name.trim(), policy: d.policy,
    ...(admin && d.owner ? { owner_id: d.owner } : {}),
    ...(tags.length ? { tags } : {}),
    ...(d.expires ? { expires_at: new Date(`${d.expires}T23:59:59`).toISOString().replace(/\.\d+/, '') } : {}),
  }
}

/** Whose and what → what it may reach → connect. */
export function AddDeviceDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const admin = useIsAdmin()
  const [step, setStep] = useState(1)
  const [draft, setDraft] = useState(blank)
  const set = (patch: Partial<Draft>) => setDraft((old) => ({ ...old, ...patch }))
  const create = useMutation({
    mutationFn: () => createDevice(toRequest(draft, admin), draft.origin),
    onSuccess: ({ peer }) => {
      client.setQueryData(keys.peer(peer.id), peer)
      void client.invalidateQueries({ queryKey: keys.peers, exact: true })
      setStep(3)
    },
    // A refused name is mended where it was typed.
    onError: (e) => { if (e instanceof ApiError && e.fields.name) setStep(1) },
  })
  const nameError = create.error instanceof ApiError ? create.error.fields.name : undefined
  const next = () => {
    if (step === 1 && draft.name.trim()) setStep(2)
    if (step === 2) create.mutate()
  }
  const titles = ['', 'add.who', 'add.reach', 'add.connect']
  const footer = step === 3
    ? <Button variant="primary" onClick={onClose} data-testid="device-done">{t('common.done')}</Button>
    : (
      <>
        {step === 2 && <Button onClick={() => setStep(1)} data-testid="device-back">{t('common.back')}</Button>}
        <Button variant="primary" onClick={next} busy={create.isPending} disabled={!draft.name.trim()} data-testid="device-next">{t(step === 2 ? 'add.create' : 'common.next')}</Button>
      </>
    )
  return (
    <Dialog open wide keep={step === 3} onClose={onClose} testid="add-device-dialog" footer={footer}
      title={step === 3 ? t('add.connectTitle', { name: draft.name.trim() }) : t('peers.add')}
      description={t('setup.step', { at: step, of: 3 }) + ' · ' + t(titles[step] ?? '')}>
      <form onSubmit={(e) => { e.preventDefault(); next() }}>
        {step === 1 && <WhoStep draft={draft} set={set} admin={admin} error={nameError} />}
        {step === 2 && <ReachStep draft={draft} set={set} />}
        <button type="submit" hidden aria-hidden tabIndex={-1} />
      </form>
      {step === 2 && create.isError && <div className="mt-4"><ErrorNote error={create.error} /></div>}
      {step === 3 && create.data && <ConnectPanel peer={create.data.peer} config={create.data.config} keyOrigin={draft.origin} />}
    </Dialog>
  )
}

interface StepProps { draft: Draft; set: (patch: Partial<Draft>) => void }

function WhoStep({ draft, set, admin, error }: StepProps & { admin: boolean; error: string | undefined }) {
  const { t } = useTranslation()
  const people = usePeople(admin)
  return (
    <div className="flex flex-col gap-4">
      <Field label={t('add.name')} hint={t('add.nameHint')} error={error}>
        <Input value={draft.name} onChange={(e) => set({ name: e.target.value })} autoFocus autoComplete="off" autoCapitalize="none" maxLength={63} data-testid="device-name" />
      </Field>
      {admin && people.data && people.data.length > 1 && (
        <Field label={t('add.owner')}>
          <Select value={draft.owner} onChange={(e) => set({ owner: e.target.value })} data-testid="device-owner">
            <option value="">{t('add.ownerMe')}</option>
            {people.data.map((p) => <option key={p.id} value={p.id}>{p.name}</option>)}
          </Select>
        </Field>
      )}
      <Field label={t('add.tags')} hint={t('add.tagsHint')}>
        <Input value={draft.tags} onChange={(e) => set({ tags: e.target.value })} autoComplete="off" data-testid="device-tags" />
      </Field>
    </div>
  )
}

function ReachStep({ draft, set }: StepProps) {
  const { t } = useTranslation()
  return (
    <div className="flex flex-col gap-5">
      <PolicyFields value={draft.policy} onChange={(policy) => set({ policy })} />
      <details>
        <summary className="cursor-pointer text-sm text-muted">{t('add.more')}</summary>
        <div className="mt-3 flex flex-col gap-4">
          <Field label={t('add.key')} hint={t(draft.origin === 'browser' ? 'connect.keyBrowser' : 'connect.keyServer')}>
            <Select value={draft.origin} onChange={(e) => set({ origin: e.target.value === 'server' ? 'server' : 'browser' })} data-testid="device-key-origin">
              <option value="browser">{t('add.keyBrowser')}</option>
              <option value="server">{t('add.keyServer')}</option>
            </Select>
          </Field>
          <Field label={t('add.expires')} hint={t('add.expiresHint')}>
            <Input type="date" value={draft.expires} min={new Date().toISOString().slice(0, 10)} onChange={(e) => set({ expires: e.target.value })} data-testid="device-expires" />
          </Field>
        </div>
      </details>
    </div>
  )
}
