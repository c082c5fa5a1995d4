import { Download } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Segmented } from '../../components/form'

const platforms = ['windows', 'macos', 'ios', 'android', 'linux', 'firefox'] as const
type Platform = (typeof platforms)[number]
const names: Record<Platform, string> = { windows: 'Windows', macos: 'macOS', ios: 'iPhone, iPad', android: 'Android', linux: 'Linux', firefox: 'Firefox' }

function guess(): Platform {
  const ua = navigator.userAgent
  if (/iPhone|iPad/.test(ua)) return 'ios'
  if (/Android/.test(ua)) return 'android'
  if (/Mac OS/.test(ua)) return 'macos'
  return /Windows/.test(ua) ? 'windows' : 'linux'
}

/** How a device learns to trust the cell's own certificates. */
export function TrustSteps() {
  const { t } = useTranslation()
  const [platform, setPlatform] = useState<Platform>(guess)
  return (
    <div className="flex flex-col gap-3 text-sm">
      <p>{t('trust.lead')}</p>
      <div className="flex flex-wrap gap-x-5 gap-y-2">
        <a href="/pki/root.crt" download="cell-root.crt" className="link inline-flex min-h-8 items-center gap-1.5" data-testid="root-download"><Download size={16} aria-hidden />{t('trust.download')}</a>
        <a href="/pki/root.der" download="cell-root.der" className="link inline-flex min-h-8 items-center gap-1.5"><Download size={16} aria-hidden />{t('trust.downloadDer')}</a>
      </div>
      <Segmented label={t('trust.platform')} value={platform} onChange={setPlatform} options={platforms.map((value) => ({ value, label: names[value] }))} testid="trust-platform" />
      <p>{t(`trust.${platform}`)}</p>
    </div>
  )
}
