import * as S from '@radix-ui/react-switch'

export function Switch({ checked, onChange, label, disabled, testid }: { checked: boolean; onChange: (on: boolean) => void; label: string; disabled?: boolean; testid?: string }) {
  return (
    <S.Root checked={checked} onCheckedChange={onChange} disabled={disabled} aria-label={label} title={label} data-testid={testid}
      className="relative h-6 w-11 flex-none rounded-full border border-strong bg-sunken transition-colors data-[state=checked]:border-accent data-[state=checked]:bg-accent disabled:opacity-50">
      <S.Thumb className="block size-4 translate-x-1 rounded-full bg-muted transition-transform data-[state=checked]:translate-x-[22px] data-[state=checked]:bg-on-accent" />
    </S.Root>
  )
}
