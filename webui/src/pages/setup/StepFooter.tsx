import { ArrowLeft, ArrowRight } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../components/Button'

export function StepFooter({ onBack, label, busy, disabled }: { onBack?: () => void; label?: string; busy?: boolean; disabled?: boolean }) {
  const { t } = useTranslation()
  return (
    <div className="flex justify-between gap-2">
      {onBack ? <Button icon={ArrowLeft} onClick={onBack} data-testid="setup-back">{t('common.back')}</Button> : <span />}
      <Button type="submit" variant="primary" icon={ArrowRight} busy={!!busy} disabled={disabled} data-testid="setup-next">{label ?? t('common.next')}</Button>
    </div>
  )
}
