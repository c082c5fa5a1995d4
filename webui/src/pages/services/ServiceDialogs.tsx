import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useSearchParams } from 'react-router-dom'
import { api } from '../../api/client'
import { keys } from '../../api/keys'
import type { Begun, Body, Plan, Service } from '../../api/types'
import { ConfirmDialog } from '../../components/ConfirmDialog'
import { Checkbox } from '../../components/form'
import { Notice } from '../../components/Notice'
import { startedHere } from '../../lib/jobs'
import { useStoreItem } from '../store/queries'
import { PlanDialog } from './PlanDialog'
import { servicePath } from './state'

/** Dialogs of a service that have an address of their own. */
export function ServiceDialogs({ service }: { service: Service }) {
  const [params, setParams] = useSearchParams()
  const close = () => setParams((old) => { const next = new URLSearchParams(old); next.delete('dialog'); return next }, { replace: true })
  switch (params.get('dialog')) {
    case 'update': return <UpdateDialog service={service} onClose={close} />
    case 'remove': return <RemoveDialog service={service} onClose={close} />
    default: return null
  }
}

function UpdateDialog({ service, onClose }: { service: Service; onClose: () => void }) {
  const { t } = useTranslation()
  const item = useStoreItem(service.id)
  // As it was when the dialog was opened: afterwards the service has no update any more.
  const [{ version: from, update_version: version, options }] = useState(service)
  const update = (plan: Plan, accepted: boolean) =>
    api.post<Begun>(`${servicePath(service.id)}/update`, { version: plan.version, plan_token: plan.token, accept_permissions: accepted } satisfies Body<'/api/services/{id}/update', 'post'>)
  return (
    <PlanDialog id={service.id} title={t('store.updateTitle', { name: service.name })} act={t('store.update')} onClose={onClose} apply={update}
      request={{ options, ...(version ? { version } : {}) }} consent={(plan) => (plan.permissions_added.length > 0 ? t('service.allow') : null)}>
      {version && <p className="text-sm">{t('service.fromTo', { from, to: version })}</p>}
      {item.data?.breaking.map((b) => <Notice key={`${b.version} ${b.text}`} tone="attention" testid="update-breaking" title={t('service.breaking', { version: b.version })}>{b.text}</Notice>)}
    </PlanDialog>
  )
}

/** Says what is lost. With its data, the name has to be written out. */
function RemoveDialog({ service, onClose }: { service: Service; onClose: () => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const navigate = useNavigate()
  const [purge, setPurge] = useState(false)
  const remove = async () => {
    const begun = await api.delete<Begun>(servicePath(service.id), { query: { purge } })
    startedHere.add(begun.job_id)
    for (const queryKey of [keys.jobs, keys.services, keys.store]) void client.invalidateQueries({ queryKey })
    navigate('/services', { replace: true })
  }
  return (
    <ConfirmDialog title={t('service.removeTitle', { name: service.name })} act={t(purge ? 'service.purgeAct' : 'service.remove')} {...(purge ? { typed: service.name } : {})} onConfirm={remove} onClose={onClose} testid="service-remove-dialog">
      <div className="flex flex-col gap-3">
        <p>{t('service.removeText')}</p>
        <ul className="list-disc pl-5">
          <li>{t('service.lostContainers', { count: service.containers.length })}</li>
          {service.address && <li>{t('service.lostAddress', { address: service.address })}</li>}
          {service.accounts && <li>{t('service.lostPasswords')}</li>}
          {purge && <li className="font-medium text-problem">{t('service.lostData')}</li>}
        </ul>
        {!purge && <p>{t('service.keptData')}</p>}
        <Checkbox label={t('service.purge')} hint={t('service.purgeHint')} checked={purge} onChange={(e) => setPurge(e.target.checked)} data-testid="service-purge" />
      </div>
    </ConfirmDialog>
  )
}
