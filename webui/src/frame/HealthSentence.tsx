import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DashboardHealth, Health } from '../api/types'
import { Sheet } from '../components/Dialog'
import { toneIcon, toneText, type Tone } from '../components/StatusBadge'
import { HealthList, needing } from './HealthList'

/** One sentence about the whole cell; a click opens what is behind it. Who can't mend it is told only whether it works. */
export function HealthSentence({ dashboard, health, failed, admin = true }: { dashboard?: DashboardHealth | undefined; health?: Health | undefined; failed: boolean; admin?: boolean }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const items = needing(dashboard?.items ?? [])
  const parts = (health?.components ?? []).filter((c) => c.state === 'down' || c.state === 'degraded')
  const known = dashboard !== undefined || (!admin && health !== undefined)
  let tone: Tone = 'ok'
  let text = t('health.good')
  if (failed) [tone, text] = ['problem', t('health.unreachable')]
  else if (!known) [tone, text] = ['neutral', t('common.loading')]
  else if (!admin && parts.length > 0) [tone, text] = ['attention', t('health.limited')]
  else if (items.length > 0) {
    tone = items.some((i) => i.severity === 'problem') ? 'problem' : 'attention'
    text = t('health.needs', { count: items.length })
  } else if (health?.status === 'starting') [tone, text] = ['info', t('health.starting')]
  const Icon = toneIcon(tone)
  return (
    <>
      <button type="button" onClick={() => setOpen(true)} data-testid="health-sentence" data-tone={tone} className={`flex min-h-9 min-w-0 items-center gap-1.5 rounded-md px-2 text-sm font-medium hover:bg-sunken ${toneText[tone]}`}>
        <Icon size={16} aria-hidden /><span className="truncate">{text}</span>
      </button>
      <Sheet open={open} onClose={() => setOpen(false)} title={text} testid="health-sheet">
        <HealthList items={dashboard?.items ?? []} components={health?.components ?? []} onFollow={() => setOpen(false)} />
      </Sheet>
    </>
  )
}
