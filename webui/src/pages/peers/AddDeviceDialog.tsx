import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../../api/client'
import { keys } from '../../api/keys'
import { useIsAdmin } from '../../api/queries'
import type { PeerCreate } from '../../api/types'
import { Button } from '../../components/Button'
import { Dialog } from '../../components/Dialog'
import { ErrorNote } from '../../components/ErrorState'
import { createDevice } from '../../lib/device'
import { endOfDay } from '../../lib/time'
import { ReachStep, WhoStep, type Draft } from './AddDeviceSteps'
import { ConnectPanel } from './ConnectPanel'
import { defaultPolicy } from './PolicyFields'
import { parseTags } from './state'

const blank: Draft = { name: '', owner: '', tags: '', policy: defaultPolicy, expires: '', origin: 'browser' }

/** What a person's device may reach is the administrator's to say, so a person sends only its name. */
function toRequest(d: Draft, admin: boolean): PeerCreate {
  const tags = parseTags(d.tags)
  return {
    name: d.name.trim(),
    ...(admin ? { policy: d.policy } : {}),
    ...(admin && d.owner ? { owner_id: d.owner } : {}),
    ...(tags.length ? { tags } : {}),
    ...(d.expires ? { expires_at: endOfDay(d.expires) } : {}),
  }
}

/** Whose and what → what it may reach → connect. */
export function AddDeviceDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const admin = useIsAdmin() === true
  const steps = admin ? (['who', 'reach', 'connect'] as const) : (['who', 'connect'] as const)
  const [at, setAt] = useState(0)
  const [draft, setDraft] = useState(blank)
  const set = (patch: Partial<Draft>) => setDraft((old) => ({ ...old, ...patch }))
  const create = useMutation({
    mutationFn: () => createDevice(toRequest(draft, admin), draft.origin),
    onSuccess: ({ peer }) => {
      client.setQueryData(keys.peer(peer.id), peer)
      void client.invalidateQueries({ queryKey: keys.peers, exact: true })
      setAt(steps.length - 1)
    },
    // A refused name is mended where it was typed.
    onError: (e) => { if (e instanceof ApiError && e.fields.name) setAt(0) },
  })
  const step = steps[at] ?? 'who'
  const last = at === steps.length - 2
  const nameError = create.error instanceof ApiError ? create.error.fields.name : undefined
  const named = draft.name.trim() !== ''
  const next = () => {
    if (!named) return
    if (last) create.mutate()
    else setAt(at + 1)
  }
  const footer = step === 'connect'
    ? <Button variant="primary" onClick={onClose} data-testid="device-done">{t('common.done')}</Button>
    : (
      <>
        {at > 0 && <Button onClick={() => setAt(at - 1)} data-testid="device-back">{t('common.back')}</Button>}
        <Button variant="primary" onClick={next} busy={create.isPending} disabled={!named} data-testid="device-next">{t(last ? 'add.create' : 'common.next')}</Button>
      </>
    )
  return (
    <Dialog open wide={step === 'connect'} keep={step === 'connect'} onClose={onClose} testid="add-device-dialog" footer={footer}
      title={step === 'connect' ? t('add.connectTitle', { name: draft.name.trim() }) : t('peers.add')}
      description={t('setup.step', { at: at + 1, of: steps.length }) + ' · ' + t(`add.${step}`)}>
      <form onSubmit={(e) => { e.preventDefault(); next() }}>
        {step === 'who' && <WhoStep draft={draft} set={set} admin={admin} error={nameError} />}
        {step === 'reach' && <ReachStep draft={draft} set={set} />}
        <button type="submit" hidden aria-hidden tabIndex={-1} />
      </form>
      {step !== 'connect' && create.isError && <div className="mt-4"><ErrorNote error={create.error} fields={['name']} /></div>}
      {step === 'connect' && create.data && <ConnectPanel peer={create.data.peer} config={create.data.config} keyOrigin={draft.origin} />}
    </Dialog>
  )
}
