import { LoaderCircle } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useJobs, useServices } from '../../api/queries'
import type { StoreItem } from '../../api/types'
import { Button, LinkButton } from '../../components/Button'
import { percent } from '../../lib/format'
import { OpenButton } from '../services/OpenButton'
import { isActive, isWebAddress, jobOf } from '../services/state'

const verbs: Record<string, 'installing' | 'updating' | 'removing'> = { 'service.update': 'updating', 'service.remove': 'removing' }

/** The state of a package is what its button says: Install, Installing 42 %, Open, Update. */
export function StoreButton({ item }: { item: Pick<StoreItem, 'id' | 'name' | 'state' | 'incompatible_reason'> }) {
  const { t } = useTranslation()
  const job = jobOf(useJobs().data, item.id)
  const service = useServices().data?.find((s) => s.id === item.id)
  const id = encodeURIComponent(item.id)
  const verb = verbs[job?.kind ?? ''] ?? 'installing'
  const testid = `store-button-${item.id}`
  if (item.state === 'installing' || (job && isActive(job))) {
    return (
      <LinkButton to={`/store/${id}`} data-testid={testid} data-state="installing">
        <LoaderCircle size={16} className="animate-spin" aria-hidden />{t(`store.busy.${verb}`, { percent: percent(Math.floor((job?.progress ?? 0) * 100)) })}
      </LinkButton>
    )
  }
  switch (item.state) {
    case 'available': return <LinkButton to={`/store/${id}?dialog=install`} variant="primary" aria-label={t('store.installTitle', { name: item.name })} data-testid={testid} data-state="available">{t('store.install')}</LinkButton>
    case 'update_available': return <LinkButton to={`/services/${id}?dialog=update`} variant="primary" aria-label={t('store.updateTitle', { name: item.name })} data-testid={testid} data-state="update_available">{t('store.update')}</LinkButton>
    case 'installed': return item.id !== 'files' && isWebAddress(service?.address)
      ? <OpenButton href={service.address} testid={testid}>{t('store.open')}</OpenButton>
      : <LinkButton to={item.id === 'files' ? '/files' : `/services/${id}`} aria-label={t('store.openTitle', { name: item.name })} data-testid={testid} data-state="installed">{t('store.open')}</LinkButton>
    default: return <Button disabled title={item.incompatible_reason} data-testid={testid} data-state={item.state}>{t('store.incompatible')}</Button>
  }
}
