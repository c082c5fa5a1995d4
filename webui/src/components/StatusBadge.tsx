import { CircleAlert, CircleCheck, CircleDashed, CircleX, Info, type LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'

export type Tone = 'ok' | 'attention' | 'problem' | 'info' | 'neutral'
const looks: Record<Tone, [string, LucideIcon]> = {
  ok: ['bg-ok-soft text-ok', CircleCheck],
  attention: ['bg-attention-soft text-attention', CircleAlert],
  problem: ['bg-problem-soft text-problem', CircleX],
  info: ['bg-info-soft text-info', Info],
  neutral: ['bg-sunken text-muted', CircleDashed],
}

/** A state as colour, icon and word together. */
export function StatusBadge({ tone, children, title, testid }: { tone: Tone; children: ReactNode; title?: string; testid?: string }) {
  const [look, Icon] = looks[tone]
  return (
    <span title={title} data-testid={testid} className={`inline-flex items-center gap-1 rounded-full px-2 py-0.5 text-xs font-medium whitespace-nowrap ${look}`}>
      <Icon size={14} aria-hidden />{children}
    </span>
  )
}

export const toneIcon = (tone: Tone) => looks[tone][1]
export const toneText: Record<Tone, string> = { ok: 'text-ok', attention: 'text-attention', problem: 'text-problem', info: 'text-info', neutral: 'text-muted' }

/** A plain label without meaning: tags, kinds, sources. */
export function Chip({ children }: { children: ReactNode }) {
  return <span className="inline-flex items-center rounded bg-sunken px-1.5 py-0.5 text-xs text-muted">{children}</span>
}
