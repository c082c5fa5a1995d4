import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import type { StoreItem } from '../../api/types'
import { Rating } from '../../components/Rating'
import { ServiceIcon } from '../../components/ServiceIcon'
import { Chip, StatusBadge } from '../../components/StatusBadge'
import { bytes, sentence } from '../../lib/format'
import { StoreButton } from './StoreButton'

const isThere = (item: StoreItem) => item.installed_version !== undefined

export const StoreCard = memo(function StoreCard({ item }: { item: StoreItem }) {
  const { t } = useTranslation()
  const id = encodeURIComponent(item.id)
  return (
    <li className="flex flex-col gap-3 rounded-lg border border-line bg-surface p-4" data-testid={`store-card-${item.id}`} data-state={item.state}>
      <div className="flex items-start gap-3">
        <ServiceIcon icon={item.icon} size={44} />
        <div className="min-w-0 flex-1">
          <h2 className="text-base font-semibold"><Link to={`/store/${id}`} className="hover:underline" data-testid={`store-link-${item.id}`}>{item.name}</Link></h2>
          <p className="text-xs text-muted">{t(`category.${item.category}`, { defaultValue: item.category })}</p>
        </div>
        {item.stage !== 'stable' && <StatusBadge tone="attention">{t(`stage.${item.stage}`)}</StatusBadge>}
        {item.stage === 'stable' && isThere(item) && <Chip>{t('store.installed')}</Chip>}
      </div>
      <p className="flex-1 text-sm">{item.summary}</p>
      {item.state === 'incompatible' && item.incompatible_reason && <p className="text-xs text-muted">{sentence(item.incompatible_reason)}</p>}
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <Rating score={item.rating} />
        {item.download_bytes > 0 && <span className="text-xs text-muted">{bytes(item.download_bytes)}</span>}
        <span className="ml-auto"><StoreButton item={item} /></span>
      </div>
    </li>
  )
})
