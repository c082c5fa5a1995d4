import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from './Button'
import { Dialog } from './Dialog'
import { ErrorNote } from './ErrorState'
import { Field, Input } from './form'

/** Asks before something is lost. With `typed`, that name has to be written out first. */
export function ConfirmDialog({ title, children, act, typed, danger = true, onConfirm, onClose, testid }: {
  title: string; children: ReactNode; act: string; typed?: string; danger?: boolean
  onConfirm: () => Promise<unknown>; onClose: () => void; testid?: string
}) {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const ready = !typed || text.trim() === typed
  const run = async () => {
    if (!ready || busy) return
    setBusy(true)
    setError(undefined)
    try {
      await onConfirm()
      onClose()
    } catch (e) {
      setError(e)
      setBusy(false)
    }
  }
  return (
    <Dialog open onClose={onClose} title={title} testid={testid ?? 'confirm-dialog'} footer={
      <>
        <Button onClick={onClose}>{t('common.cancel')}</Button>
        <Button variant={danger ? 'danger' : 'primary'} disabled={!ready} busy={busy} onClick={() => void run()} data-testid="confirm-act">{act}</Button>
      </>
    }>
      <form className="flex flex-col gap-4" onSubmit={(e) => { e.preventDefault(); void run() }}>
        <div className="text-sm">{children}</div>
        {typed && (
          <Field label={t('common.typeName', { name: typed })}>
            <Input value={text} onChange={(e) => setText(e.target.value)} autoComplete="off" autoFocus data-testid="confirm-name" />
          </Field>
        )}
        {error !== undefined && <ErrorNote error={error} />}
      </form>
    </Dialog>
  )
}
