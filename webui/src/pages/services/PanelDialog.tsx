import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ApiError, api } from '../../api/client'
import { keys } from '../../api/keys'
import type { Service } from '../../api/types'
import { Button } from '../../components/Button'
import { Dialog } from '../../components/Dialog'
import { ErrorNote } from '../../components/ErrorState'
import { serverErrors } from '../../components/schema/check'
import { SchemaForm } from '../../components/schema/SchemaForm'
import { useSchemaForm } from '../../components/schema/useSchemaForm'
import { toast } from '../../components/Toast'
import { sentence } from '../../lib/format'
import { startedHere } from '../../lib/jobs'
import { panelPath, type PanelAct } from './panel'

/** What a plugin's route may say when it is done: a sentence, or the job that goes on. */
interface Answer { message?: unknown; job_id?: unknown }

export function usePanelAct(service: Service, path: string, onDone: () => unknown) {
  const { t } = useTranslation()
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: unknown) => api.post<Answer | undefined>(panelPath(service.id, path), body),
    onSuccess: async (answer) => {
      if (typeof answer?.job_id === 'string') {
        startedHere.add(answer.job_id)
        void client.invalidateQueries({ queryKey: keys.jobs })
      }
      await onDone()
      toast(typeof answer?.message === 'string' ? sentence(answer.message) : t('panel.done'))
    },
  })
}

/** A form that a service describes; what it takes goes to the service's own route. */
export function PanelDialog({ service, act, danger = false, onDone, onClose }: { service: Service; act: PanelAct; danger?: boolean; onDone: () => unknown; onClose: () => void }) {
  const { t } = useTranslation()
  const form = useSchemaForm(act.schema)
  const run = usePanelAct(service, act.path, async () => { await onDone(); onClose() })
  const refused = run.error instanceof ApiError ? run.error.fields : {}
  const submit = () => { if (form.check()) run.mutate(form.values) }
  return (
    <Dialog open onClose={onClose} title={act.title} testid="panel-dialog" footer={
      <>
        <Button onClick={onClose}>{t('common.cancel')}</Button>
        <Button variant={danger ? 'danger' : 'primary'} busy={run.isPending} onClick={submit} data-testid="panel-act">{act.title}</Button>
      </>
    }>
      <form noValidate className="flex flex-col gap-4" onSubmit={(e) => { e.preventDefault(); submit() }}>
        <SchemaForm schema={act.schema} draft={form.draft} onChange={(d) => { form.change(d); run.reset() }} errors={{ ...serverErrors(refused, ''), ...form.errors }} />
        {run.isError && <ErrorNote error={run.error} fields={Object.keys(act.schema.properties ?? {})} />}
        <button type="submit" hidden aria-hidden tabIndex={-1} />
      </form>
    </Dialog>
  )
}
