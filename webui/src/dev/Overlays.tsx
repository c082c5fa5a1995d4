import { useState } from 'react'
import { Button } from '../components/Button'
import { ConfirmDialog } from '../components/ConfirmDialog'
import { Dialog, Sheet } from '../components/Dialog'
import { Card, Section } from '../components/layout'
import { toast, toastError } from '../components/Toast'

/** Opened one at a time, by hand or by shots.mjs. */
export function Overlays() {
  const [open, setOpen] = useState<'dialog' | 'sheet' | 'confirm'>()
  const close = () => setOpen(undefined)
  return (
    <Section title="Dialog, Sheet, ConfirmDialog, Toast">
      <Card className="flex flex-wrap gap-3">
        <Button onClick={() => setOpen('dialog')} data-testid="dev-dialog">Dialog</Button>
        <Button onClick={() => setOpen('sheet')} data-testid="dev-sheet">Sheet</Button>
        <Button onClick={() => setOpen('confirm')} data-testid="dev-confirm">ConfirmDialog</Button>
        <Button onClick={() => toast('Saved')} data-testid="dev-toast">Toast</Button>
        <Button onClick={() => toastError(new Error('the engine does not answer'))} data-testid="dev-toast-error">Toast of an error</Button>
      </Card>
      <Dialog open={open === 'dialog'} onClose={close} title="Dialog" description="With a description" footer={<Button variant="primary" onClick={close}>Done</Button>}><p>What it is about.</p></Dialog>
      <Sheet open={open === 'sheet'} onClose={close} title="Sheet"><p>For reading beside the page.</p></Sheet>
      {open === 'confirm' && <ConfirmDialog title="Delete phone?" act="Delete device" typed="phone" onConfirm={() => Promise.resolve()} onClose={close}>It loses its connection at once.</ConfirmDialog>}
    </Section>
  )
}
