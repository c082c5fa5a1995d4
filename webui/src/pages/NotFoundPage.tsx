import { Compass } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { LinkButton } from '../components/Button'
import { EmptyState, Page } from '../components/layout'

export function Component() {
  const { t } = useTranslation()
  return (
    <Page title={t('notFound.title')}>
      <EmptyState icon={Compass} title={t('notFound.text')} action={<LinkButton to="/" variant="primary">{t('notFound.home')}</LinkButton>} />
    </Page>
  )
}
