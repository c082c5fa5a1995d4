import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../../api/client'
import { useIsAdmin, usePatchPeer, usePeople } from '../../api/queries'
import type { Peer, PeerPatch } from '../../api/types'
import { Button } from '../../components/Button'
import { Dialog } from '../../components/Dialog'
import { ErrorNote } from '../../components/ErrorState'
import { Field, Input, Select } from '../../components/form'
import { toast } from '../../components/Toast'
import { endOfDay } from '../../lib/time'
import { ExitField } from './ExitField'
import { PolicyFields } from './PolicyFields'
import { parseTags } from './state'

export function EditPeerDialog({ peer, onClose }: { peer: Peer; onClose: () => void }) {
  const { t } = useTranslation()
  const admin = useIsAdmin()
  const people = usePeople(admin)
  const patch = usePatchPeer(peer.id)
  const [draft, setDraft] = useState({
    name: peer.name, owner: peer.owner_id ?? '', tags: peer.tags.join(', '), policy: peer.policy, exit: peer.exit ?? '', expires: peer.expires_at?.slice(0, 10) ?? '',
  })
  const set = (p: Partial<typeof draft>) => setDraft((old) => ({ ...old, ...p }))
  const save = () => {
    const body: PeerPatch = { name: draft.name.trim(), tags: parseTags(draft.tags), ...(admin ? { policy: draft.policy } : {}) }
    if (admin && draft.owner !== (peer.owner_id ?? '')) body.owner_id = draft.owner || null
    if (admin && draft.exit !== (peer.exit ?? '')) body.exit = draft.exit || null
    if (draft.expires !== (peer.expires_at?.slice(0, 10) ?? '')) body.expires_at = endOfDay(draft.expires)
    patch.mutate(body, { onSuccess: () => { toast(t('common.saved')); onClose() } })
  }
  const fields = patch.error instanceof ApiError ? patch.error.fields : {}
  return (
    <Dialog open onClose={onClose} title={t('peers.editTitle', { name: peer.name })} testid="peer-edit-dialog" footer={
      <>
        <Button onClick={onClose}>{t('common.cancel')}</Button>
        <Button variant="primary" busy={patch.isPending} disabled={!draft.name.trim()} onClick={save} data-testid="peer-save">{t('common.save')}</Button>
      </>
    }>
      <form className="flex flex-col gap-4" onSubmit={(e) => { e.preventDefault(); save() }}>
        <Field label={t('add.name')} error={fields.name}>
          <Input value={draft.name} onChange={(e) => set({ name: e.target.value })} autoComplete="off" maxLength={63} data-testid="peer-edit-name" />
        </Field>
        {admin && (
          <Field label={t('add.owner')} error={fields.owner_id}>
            <Select value={draft.owner} onChange={(e) => set({ owner: e.target.value })}>
              <option value="">{t('peers.nobody')}</option>
              {people.data?.map((p) => <option key={p.id} value={p.id}>{p.name}</option>)}
            </Select>
          </Field>
        )}
        <Field label={t('add.tags')} hint={t('add.tagsHint')} error={fields.tags}>
          <Input value={draft.tags} onChange={(e) => set({ tags: e.target.value })} autoComplete="off" />
        </Field>
        {admin && <PolicyFields value={draft.policy} onChange={(policy) => set({ policy })} />}
        {admin && <ExitField value={draft.exit} error={fields.exit} onChange={(exit) => set({ exit })} />}
        {admin && (
          <Field label={t('add.expires')} hint={t('add.expiresHint')} error={fields.expires_at}>
            <Input type="date" value={draft.expires} onChange={(e) => set({ expires: e.target.value })} />
          </Field>
        )}
        {patch.isError && <ErrorNote error={patch.error} fields={['name', 'owner_id', 'tags', 'exit', 'expires_at']} />}
        <button type="submit" hidden aria-hidden tabIndex={-1} />
      </form>
    </Dialog>
  )
}
