import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import type { Begun, Body, Plan, StoreDetail } from '../../api/types'
import { Button, LinkButton } from '../../components/Button'
import { Dialog } from '../../components/Dialog'
import { needsTrust } from '../../components/Rating'
import { serverErrors } from '../../components/schema/check'
import { asSchema, fieldsOf, type Values } from '../../components/schema/schema'
import { SchemaForm } from '../../components/schema/SchemaForm'
import { useSchemaForm } from '../../components/schema/useSchemaForm'
import { PlanDialog } from '../services/PlanDialog'
import { servicePath } from '../services/state'

/** Options, where there are any; then the plan; then the progress. */
export function InstallDialog({ item, onBegun, onClose }: { item: StoreDetail; onBegun: () => void; onClose: () => void }) {
  const { t } = useTranslation()
  const schema = asSchema(item.options)
  const form = useSchemaForm(schema)
  const hasOptions = fieldsOf(schema).length > 0
  const [options, setOptions] = useState<Values | undefined>(hasOptions ? undefined : {})
  const title = t('store.installTitle', { name: item.name })
  const goOn = () => { if (form.check()) setOptions(form.values) }
  const back = (fields: Record<string, string>) => { form.refuse(serverErrors(fields, 'options')); setOptions(undefined) }
  if (options) {
    const install = async (plan: Plan) => {
      const answer = await api.post<Begun>(`${servicePath(item.id)}/install`, { version: plan.version, options, plan_token: plan.token } satisfies Body<'/api/services/{id}/install', 'post'>)
      onBegun()
      return answer
    }
    return (
      <PlanDialog id={item.id} title={title} act={t('store.install')} request={{ version: item.version, options }} onClose={onClose} onBack={hasOptions ? back : undefined}
        consent={() => (needsTrust(item.rating) ? t('store.trust', { name: item.name }) : null)}
        apply={install}
        done={<LinkButton to={`/services/${encodeURIComponent(item.id)}`} variant="primary" data-testid="install-open">{t('store.toService')}</LinkButton>} />
    )
  }
  return (
    <Dialog open onClose={onClose} title={title} description={item.summary} testid="install-dialog" footer={
      <>
        <Button onClick={onClose}>{t('common.cancel')}</Button>
        <Button variant="primary" onClick={goOn} data-testid="install-next">{t('common.next')}</Button>
      </>
    }>
      <form noValidate onSubmit={(e) => { e.preventDefault(); goOn() }}>
        <SchemaForm schema={schema} draft={form.draft} onChange={form.change} errors={form.errors} />
        <button type="submit" hidden aria-hidden tabIndex={-1} />
      </form>
    </Dialog>
  )
}
