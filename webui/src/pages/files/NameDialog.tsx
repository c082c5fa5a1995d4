import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../components/Button'
import { Dialog } from '../../components/Dialog'
import { ErrorNote } from '../../components/ErrorState'
import { Field, Input } from '../../components/form'
import { isName } from './paths'

/** Asks for one name: of a new folder, or in place of an old one. */
export function NameDialog({ title, act, before = '', onSave, onClose }: { title: string; act: string; before?: string; onSave: (name: string) => Promise<unknown>; onClose: () => void }) {
  const { t } = useTranslation()
  const [name, setName] = useState(before)
  const save = useMutation({ mutationFn: () => onSave(name), onSuccess: onClose })
  const bad = name !== '' && !isName(name)
  const ready = isName(name) && name !== before
  const submit = () => { if (ready && !save.isPending) save.mutate() }
  return (
    <Dialog open onClose={onClose} title={title} testid="name-dialog" footer={
      <>
        <Button onClick={onClose}>{t('common.cancel')}</Button>
        <Button variant="primary" disabled={!ready} busy={save.isPending} onClick={submit} data-testid="name-save">{act}</Button>
      </>
    }>
      <form className="flex flex-col gap-4" onSubmit={(e) => { e.preventDefault(); submit() }}>
        <Field label={t('login.name')} error={bad ? t('files.badName') : undefined}><Input value={name} onChange={(e) => setName(e.target.value)} autoComplete="off" spellCheck={false} autoFocus data-testid="name-text" /></Field>
        {save.isError && <ErrorNote error={save.error} />}
      </form>
    </Dialog>
  )
}
