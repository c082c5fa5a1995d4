import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import type { Begun, Body, Service } from '../../api/types'
import { Button } from '../../components/Button'
import { Card, Section } from '../../components/layout'
import { serverErrors } from '../../components/schema/check'
import { asSchema, type Values } from '../../components/schema/schema'
import { SchemaForm } from '../../components/schema/SchemaForm'
import { useSchemaForm } from '../../components/schema/useSchemaForm'
import { PlanDialog } from './PlanDialog'
import { servicePath } from './state'

/** The form, then what it would change, then the change. Drawn anew when other options are in force, but not under an open dialog. */
export function OptionsTab({ service }: { service: Service }) {
  const [busy, setBusy] = useState(false)
  const shown = useRef(service)
  if (!busy) shown.current = service
  return <OptionsForm key={JSON.stringify([shown.current.version, shown.current.options])} service={shown.current} onBusy={setBusy} />
}

function OptionsForm({ service, onBusy }: { service: Service; onBusy: (busy: boolean) => void }) {
  const { t } = useTranslation()
  const schema = asSchema(service.options_schema)
  const form = useSchemaForm(schema, service.options)
  const [asked, setAsked] = useState<Values>()
  const put = (values: Values | undefined) => { setAsked(values); onBusy(values !== undefined) }
  const ask = () => { if (form.check()) put(form.values) }
  return (
    <Section title={t('service.tab.options')} lead={t('service.optionsLead')}>
      <Card className="max-w-2xl">
        <form noValidate className="flex flex-col gap-5" onSubmit={(e) => { e.preventDefault(); ask() }} data-testid="service-options">
          <SchemaForm schema={schema} draft={form.draft} onChange={form.change} errors={form.errors} before={service.options} />
          <div className="flex flex-wrap gap-2">
            <Button type="submit" variant="primary" disabled={!form.isChanged} data-testid="options-plan">{t('service.seePlan')}</Button>
            {form.isChanged && <Button variant="ghost" onClick={form.reset}>{t('common.cancel')}</Button>}
          </div>
        </form>
      </Card>
      {asked && (
        <PlanDialog id={service.id} title={t('service.optionsTitle', { name: service.name })} act={t('service.apply')} request={{ options: asked }} onClose={() => put(undefined)}
          onBack={(fields) => { form.refuse(serverErrors(fields, 'options')); put(undefined) }}
          apply={(plan) => api.patch<Begun>(`${servicePath(service.id)}/options`, { options: asked, plan_token: plan.token } satisfies Body<'/api/services/{id}/options', 'patch'>)} />
      )}
    </Section>
  )
}
