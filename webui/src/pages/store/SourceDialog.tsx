import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError, api } from '../../api/client'
import { keys } from '../../api/keys'
import type { SourceCreate, StoreSource } from '../../api/types'
import { Button } from '../../components/Button'
import { Dialog } from '../../components/Dialog'
import { ErrorNote } from '../../components/ErrorState'
import { Field, Input, Textarea } from '../../components/form'
import { toast } from '../../components/Toast'

const blank: SourceCreate = { name: '', location: '', key: '' }

export function SourceDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [draft, setDraft] = useState(blank)
  const add = useMutation({
    mutationFn: () => api.post<StoreSource>('/api/store/sources', { name: draft.name.trim(), location: draft.location.trim(), key: draft.key.trim() } satisfies SourceCreate),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keys.store })
      toast(t('common.saved'))
      onClose()
    },
  })
  const fields = add.error instanceof ApiError ? add.error.fields : {}
  const set = (patch: Partial<SourceCreate>) => setDraft((old) => ({ ...old, ...patch }))
  const ready = [draft.name, draft.location, draft.key].every((x) => x.trim() !== '')
  const submit = () => { if (ready) add.mutate() }
  return (
    <Dialog open onClose={onClose} title={t('source.add')} description={t('source.addText')} testid="source-dialog" footer={
      <>
        <Button onClick={onClose}>{t('common.cancel')}</Button>
        <Button variant="primary" disabled={!ready} busy={add.isPending} onClick={submit} data-testid="source-save">{t('source.add')}</Button>
      </>
    }>
      <form className="flex flex-col gap-4" onSubmit={(e) => { e.preventDefault(); submit() }}>
        <Field label={t('login.name')} error={fields.name}><Input value={draft.name} onChange={(e) => set({ name: e.target.value })} autoComplete="off" autoFocus data-testid="source-name" /></Field>
        <Field label={t('source.location')} hint={t('source.locationHint')} error={fields.location}><Input value={draft.location} onChange={(e) => set({ location: e.target.value })} autoComplete="off" autoCapitalize="none" spellCheck={false} data-testid="source-location" /></Field>
        <Field label={t('source.key')} hint={t('source.keyHint')} error={fields.key}><Textarea rows={3} value={draft.key} onChange={(e) => set({ key: e.target.value })} autoComplete="off" autoCapitalize="none" spellCheck={false} className="font-mono !text-xs" data-testid="source-key" /></Field>
        {add.isError && <ErrorNote error={add.error} fields={['name', 'location', 'key']} />}
        <button type="submit" hidden aria-hidden tabIndex={-1} />
      </form>
    </Dialog>
  )
}
