import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import { api } from '../../api/client'
import { keys } from '../../api/keys'
import type { Service } from '../../api/types'
import { Button, LinkButton } from '../../components/Button'
import { Copyable } from '../../components/Copyable'
import { Notice } from '../../components/Notice'
import { ServiceIcon } from '../../components/ServiceIcon'
import { StatusBadge } from '../../components/StatusBadge'
import { toast, toastError } from '../../components/Toast'
import { sentence } from '../../lib/format'
import { isWebAddress, stateTone } from './state'

/** State and address, then what is wrong with it and what is new. */
export function ServiceHead({ service: s, admin }: { service: Service; admin: boolean }) {
  const { t } = useTranslation()
  return (
    <div className="flex flex-col gap-3">
      <div className="flex items-center gap-4">
        <ServiceIcon icon={s.icon} size={48} />
        <div className="flex min-w-0 flex-col gap-1">
          <span className="flex flex-wrap items-center gap-2">
            <StatusBadge tone={stateTone[s.state]} testid="service-state">{t(`service.state.${s.state}`)}</StatusBadge>
            {admin && <span className="text-xs text-muted">{t('service.version', { version: s.version })} · <Link className="link" to={`/store/${encodeURIComponent(s.id)}`}>{t('service.inStore')}</Link></span>}
          </span>
          {isWebAddress(s.address) && <Copyable value={s.address} testid="service-address" />}
        </div>
      </div>
      {s.problem && <Notice tone={s.state === 'failed' || s.state === 'quarantined' ? 'problem' : 'attention'} testid="service-problem" title={sentence(s.problem.message)} action={admin && s.state === 'quarantined' && <Release id={s.id} />}>{s.problem.hint && sentence(s.problem.hint)}</Notice>}
      {!s.problem && s.state === 'quarantined' && <Notice tone="problem" testid="service-problem" title={t('service.quarantined')} action={admin && <Release id={s.id} />}>{t('service.quarantinedText')}</Notice>}
      {admin && s.update_version && (
        <Notice tone="info" testid="service-update" title={t('service.updateThere', { version: s.update_version })} action={<LinkButton to="?dialog=update" data-testid="service-update-act">{t('store.update')}</LinkButton>} />
      )}
    </div>
  )
}

function Release({ id }: { id: string }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const release = useMutation({
    mutationFn: () => api.post(`/api/plugins/${encodeURIComponent(id)}/release`),
    onSuccess: async () => {
      toast(t('plugin.released'))
      await Promise.all([keys.services, keys.plugins].map((queryKey) => client.invalidateQueries({ queryKey })))
    },
    onError: toastError,
  })
  return <Button busy={release.isPending} onClick={() => release.mutate()} data-testid="service-release">{t('plugin.release')}</Button>
}
