import * as T from '@radix-ui/react-tooltip'
import type { ReactNode } from 'react'

export const TooltipProvider = T.Provider

export function Tooltip({ text, children, side = 'right' }: { text: string; children: ReactNode; side?: 'right' | 'top' | 'bottom' }) {
  return (
    <T.Root>
      <T.Trigger asChild>{children}</T.Trigger>
      <T.Portal><T.Content side={side} sideOffset={6} className="z-50 rounded bg-text px-2 py-1 text-xs text-surface">{text}</T.Content></T.Portal>
    </T.Root>
  )
}
