import type { ReactNode } from 'react'
import { toneIcon, toneText, type Tone } from './StatusBadge'

const looks: Record<Tone, string> = {
  ok: 'border-ok bg-ok-soft', attention: 'border-attention bg-attention-soft', problem: 'border-problem bg-problem-soft', info: 'border-info bg-info-soft', neutral: 'border-line bg-sunken',
}

/** Something to know about what is shown below: what it is, why, and the button that mends it. */
export function Notice({ tone, title, children, action, testid }: { tone: Tone; title: ReactNode; children?: ReactNode; action?: ReactNode; testid?: string }) {
  const Icon = toneIcon(tone)
  return (
    <div role={tone === 'problem' ? 'alert' : undefined} data-testid={testid} className={`flex flex-wrap items-center gap-x-4 gap-y-2 rounded-md border p-3 text-sm ${looks[tone]}`}>
      <div className="min-w-52 flex-1">
        <p className={`flex gap-2 font-medium ${toneText[tone]}`}><Icon size={18} className="mt-0.5" aria-hidden /><span className="min-w-0">{title}</span></p>
        {children && <div className="pl-6.5">{children}</div>}
      </div>
      {action}
    </div>
  )
}
