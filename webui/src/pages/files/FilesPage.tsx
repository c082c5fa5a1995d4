import { FolderX, KeyRound } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router-dom'
import { useIsAdmin, useServices } from '../../api/queries'
import { LinkButton } from '../../components/Button'
import { ErrorState } from '../../components/ErrorState'
import { EmptyState, Page, Skeleton } from '../../components/layout'
import { bytes } from '../../lib/format'
import { OpenButton } from '../services/OpenButton'
import { FolderView } from './FolderView'
import { useFiles, useFilesMe, type Files } from './queries'
import { UploadList } from './UploadList'

/** One's own files, as the files service keeps them. */
export function Component() {
  const { t } = useTranslation()
  const services = useServices()
  const files = useFiles()
  const admin = useIsAdmin()
  if (files && typeof files === 'object' && 'api' in files) return <Loaded files={files} />
  return (
    <Page title={t('files.title')}>
      {services.isError ? <ErrorState error={services.error} onRetry={() => void services.refetch()} />
        : files === undefined ? <Skeleton rows={6} height="h-10" />
          : files === null ? <EmptyState icon={FolderX} title={t('files.notThere')} action={admin && <LinkButton to="/store/files">{t('service.inStore')}</LinkButton>}>{t('files.notThereText')}</EmptyState>
            : files === 'stopped' ? <EmptyState icon={FolderX} title={t('files.stopped')} action={admin && <LinkButton to="/services/files">{t('files.toService')}</LinkButton>}>{t('files.stoppedText')}</EmptyState>
              : <EmptyState icon={FolderX} title={t('files.elsewhere')} action={<OpenButton primary href={`${files.elsewhere}/files`} testid="files-elsewhere">{files.elsewhere}</OpenButton>}>{t('files.elsewhereText')}</EmptyState>}
    </Page>
  )
}

function Loaded({ files }: { files: Files }) {
  const { t } = useTranslation()
  const me = useFilesMe(files.api).data
  const [params] = useSearchParams()
  const path = params.get('path') || '/'
  const lead = me && (me.quota_bytes === null ? t('files.used', { used: bytes(me.used_bytes), free: bytes(me.free_bytes) }) : t('files.usedOf', { used: bytes(me.used_bytes), quota: bytes(me.quota_bytes) }))
  return (
    <Page title={t('files.title')} lead={lead} actions={<LinkButton to="/services/files" icon={KeyRound}>{t('files.programs')}</LinkButton>}>
      <UploadList uploads={files.uploads} />
      <FolderView key={path} api={files.api} uploads={files.uploads} path={path} shares={me?.shares ?? false} />
    </Page>
  )
}
