import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Service } from '../../api/types'
import { Button } from '../../components/Button'
import { ConfirmDialog } from '../../components/ConfirmDialog'
import { Card } from '../../components/layout'
import { fieldsOf } from '../../components/schema/schema'
import { toastError } from '../../components/Toast'
import type { ActionPanel } from './panel'
import { PanelDialog, usePanelAct } from './PanelDialog'

/** A button of a service: asks first where there is something to fill in or to lose. */
export function ActionCard({ service, panel }: { service: Service; panel: ActionPanel }) {
  const { t } = useTranslation()
  const [asking, setAsking] = useState(false)
  const run = usePanelAct(service, panel.path, () => undefined)
  const hasForm = fieldsOf(panel.schema).length > 0
  const begin = () => { if (hasForm || panel.dangerous) setAsking(true); else run.mutate({}, { onError: toastError }) }
  const close = () => setAsking(false)
  return (
    <Card className="flex flex-wrap items-center gap-3">
      <div className="min-w-52 flex-1 text-sm"><p className="font-medium">{panel.title}</p>{panel.text && <p className="text-muted">{panel.text}</p>}</div>
      <Button variant={panel.dangerous ? 'danger' : 'secondary'} busy={run.isPending} onClick={begin} data-testid={`panel-action-${panel.path}`}>{panel.title}</Button>
      {asking && hasForm && <PanelDialog service={service} act={panel} danger={panel.dangerous} onDone={() => undefined} onClose={close} />}
      {asking && !hasForm && <ConfirmDialog title={panel.title} act={panel.title} onConfirm={() => run.mutateAsync({})} onClose={close}>{panel.text || t('panel.sure')}</ConfirmDialog>}
    </Card>
  )
}
