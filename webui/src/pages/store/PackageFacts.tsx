import { useTranslation } from 'react-i18next'
import type { StoreDetail } from '../../api/types'
import { Card, Facts, Section } from '../../components/layout'
import { bytes } from '../../lib/format'
import { isWebAddress } from '../services/state'

/** What stands in the package's papers: versions, size, licence, where it comes from. */
export function PackageFacts({ item }: { item: StoreDetail }) {
  const { t } = useTranslation()
  const size = [
    item.download_bytes > 0 && t('store.sizeDownload', { size: bytes(item.download_bytes) }),
    item.memory_mb > 0 && t('store.sizeMemory', { size: bytes(item.memory_mb * 1e6) }),
    item.disk_mb > 0 && t('store.sizeDisk', { size: bytes(item.disk_mb * 1e6) }),
  ].filter(Boolean)
  const rows = [
    { label: t('store.version'), value: item.version },
    { label: t('store.upstream'), value: item.upstream_version },
    { label: t('store.installed'), value: item.installed_version },
    { label: t('store.category'), value: t(`category.${item.category}`, { defaultValue: item.category }) },
    { label: t('store.size'), value: size.length > 0 && <>{size.map((s) => <span key={String(s)} className="block">{s}</span>)}</> },
    { label: t('store.kind'), value: t(`store.kind.${item.kind}`) },
    { label: t('store.license'), value: item.license },
    { label: t('store.homepage'), value: isWebAddress(item.homepage) && <a className="link break-all" href={item.homepage} target="_blank" rel="noreferrer">{item.homepage.replace(/^https?:\/\//, '').replace(/\/$/, '')}</a> },
    { label: t('store.from'), value: item.first_party ? t('store.firstParty') : item.source },
  ]
  return <Section title={t('store.details')}><Card><Facts items={rows.filter((r) => r.value)} /></Card></Section>
}
