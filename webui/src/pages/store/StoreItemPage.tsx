import { ArrowLeft } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useParams, useSearchParams } from 'react-router-dom'
import type { StoreDetail } from '../../api/types'
import { LinkButton } from '../../components/Button'
import { JobProgress } from '../../components/JobProgress'
import { Card, Page, Section } from '../../components/layout'
import { Notice } from '../../components/Notice'
import { Prose } from '../../components/Prose'
import { QueryState } from '../../components/QueryState'
import { Rating } from '../../components/Rating'
import { ServiceIcon } from '../../components/ServiceIcon'
import { StatusBadge } from '../../components/StatusBadge'
import { sentence } from '../../lib/format'
import { useServiceJob } from '../services/state'
import { InstallDialog } from './InstallDialog'
import { PackageFacts } from './PackageFacts'
import { useStoreItem } from './queries'
import { StoreButton } from './StoreButton'

/** One package: what it is, what it may do, and the button that installs it. */
export function Component() {
  const id = useParams().id ?? ''
  const { t } = useTranslation()
  const item = useStoreItem(id)
  return (
    <Page title={item.data?.name ?? t('store.package')} lead={item.data?.summary} actions={item.data && <StoreButton item={item.data} />}>
      <Link to="/services" className="link -mt-3 inline-flex w-fit items-center gap-1 text-sm"><ArrowLeft size={15} aria-hidden />{t('store.title')}</Link>
      <QueryState query={item}>{(data) => <Loaded item={data} />}</QueryState>
    </Page>
  )
}

function Loaded({ item }: { item: StoreDetail }) {
  const { t } = useTranslation()
  const job = useServiceJob(item.id)
  const [params, setParams] = useSearchParams()
  const [begun, setBegun] = useState(false)
  const installed = item.installed_version !== undefined
  // Once begun, the dialog stays to say how it ended, whatever the state of the package is by then.
  const canInstall = begun || item.state === 'available'
  return (
    <>
      {job && <Card><JobProgress job={job} /></Card>}
      {item.state === 'incompatible' && <Notice tone="attention" title={t('store.incompatible')}>{sentence(item.incompatible_reason ?? '')}</Notice>}
      {installed && (
        <Notice tone="info" title={t('store.installedVersion', { version: item.installed_version })} action={<LinkButton to={`/services/${encodeURIComponent(item.id)}`} data-testid="store-to-service">{t('store.toService')}</LinkButton>} />
      )}
      <div className="grid items-start gap-6 lg:grid-cols-[1fr_22rem]">
        <div className="flex min-w-0 flex-col gap-6">
          <Card className="flex items-start gap-4 max-sm:flex-col">
            <ServiceIcon icon={item.icon} size={64} />
            <div className="min-w-0">
              {item.stage !== 'stable' && <p className="mb-2"><StatusBadge tone="attention">{t(`stage.${item.stage}`)}</StatusBadge></p>}
              <Prose text={item.description || item.summary} />
            </div>
          </Card>
          <Permissions item={item} />
          {item.changelog && <Section title={t('store.changelog')}><Card><Prose text={withoutTitle(item.changelog)} /></Card></Section>}
        </div>
        <PackageFacts item={item} />
      </div>
      {params.get('dialog') === 'install' && canInstall && <InstallDialog item={item} onBegun={() => setBegun(true)} onClose={() => { setBegun(false); setParams({}, { replace: true }) }} />}
    </>
  )
}

/** The section says already what it is. */
const withoutTitle = (text: string) => text.replace(/^# .*\n+/, '')

function Permissions({ item }: { item: StoreDetail }) {
  const { t } = useTranslation()
  return (
    <Section title={t('store.may')} lead={t('store.mayLead')} actions={<Rating score={item.rating} words />}>
      <Card className="!py-1">
        {item.reasons.length === 0 ? <p className="py-3 text-sm text-muted">{t('store.mayNothing')}</p> : (
          <ul data-testid="store-reasons">
            {item.reasons.map((r) => (
              <li key={`${r.capability} ${r.words}`} className="border-b border-line py-2.5 text-sm last:border-0">
                <span className="font-medium">{sentence(r.words)}</span>{r.why && <span className="block text-muted">{sentence(r.why)}</span>}
              </li>
            ))}
          </ul>
        )}
      </Card>
    </Section>
  )
}
