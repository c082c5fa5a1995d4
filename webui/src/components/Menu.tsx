import * as M from '@radix-ui/react-dropdown-menu'
import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'

export function Menu({ trigger, children }: { trigger: ReactNode; children: ReactNode }) {
  return (
    <M.Root modal={false}>
      <M.Trigger asChild>{trigger}</M.Trigger>
      <M.Portal>
        <M.Content align="end" sideOffset={4} collisionPadding={8} className="fade-in z-50 min-w-48 rounded-md border border-strong bg-surface p-1 text-text">{children}</M.Content>
      </M.Portal>
    </M.Root>
  )
}
const row = 'flex min-h-9 cursor-pointer items-center gap-2.5 rounded px-2.5 text-sm outline-none data-[highlighted]:bg-sunken data-[disabled]:opacity-50'

export function MenuItem({ icon: Icon, children, danger, testid, disabled, onSelect }: { icon?: LucideIcon; children: ReactNode; danger?: boolean; testid?: string; disabled?: boolean; onSelect: () => void }) {
  return (
    <M.Item onSelect={onSelect} disabled={disabled} data-testid={testid} className={`${row} ${danger ? 'text-problem' : ''}`}>
      {Icon && <Icon size={16} aria-hidden />}{children}
    </M.Item>
  )
}
export function MenuRadio<T extends string>({ label, value, options, onChange }: { label: string; value: T; options: readonly { value: T; label: string }[]; onChange: (v: T) => void }) {
  return (
    <M.RadioGroup value={value} onValueChange={(v) => { const o = options.find((x) => x.value === v); if (o) onChange(o.value) }}>
      <M.Label className="px-2.5 pt-1.5 text-xs text-muted">{label}</M.Label>
      {options.map((o) => (
        <M.RadioItem key={o.value} value={o.value} className={row} onSelect={(e) => e.preventDefault()}>
          <span className="w-4 text-center" aria-hidden>{o.value === value ? '●' : ''}</span>{o.label}
        </M.RadioItem>
      ))}
    </M.RadioGroup>
  )
}
export const MenuLine = () => <M.Separator className="my-1 h-px bg-line" />
