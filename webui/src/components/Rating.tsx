import { Shield, ShieldAlert, ShieldCheck } from 'lucide-react'
import { useTranslation } from 'react-i18next'

/** Below this somebody has to say once more that they trust it. */
export const needsTrust = (score: number) => score <= 2

/** How much a package may do: 6 next to nothing, 1 nearly everything. Worked out by the cell, never stated by the package. */
export function Rating({ score, words = false }: { score: number; words?: boolean }) {
  const { t } = useTranslation()
  const Icon = score >= 5 ? ShieldCheck : needsTrust(score) ? ShieldAlert : Shield
  const look = score >= 5 ? 'text-ok' : needsTrust(score) ? 'text-attention' : 'text-info'
  return (
    <span className={`inline-flex items-center gap-1 text-xs font-medium whitespace-nowrap ${look}`} title={t(`rating.${score}`)} data-testid="rating">
      <Icon size={15} aria-hidden /><span className="sr-only">{t('rating.label')}: </span>{t('rating.of', { score })}
      <span className={words ? 'font-normal text-muted' : 'sr-only'}>{t(`rating.${score}`)}</span>
    </span>
  )
}
