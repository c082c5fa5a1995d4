/** A button of role switch: there may be a thousand on a page, so it is nothing more. */
export function Switch({ checked, onChange, label, disabled, testid }: { checked: boolean; onChange: (on: boolean) => void; label: string; disabled?: boolean; testid?: string }) {
  return (
    <button type="button" role="switch" aria-checked={checked} onClick={() => onChange(!checked)} disabled={disabled} aria-label={label} title={label} data-testid={testid}
      className={`relative h-6 w-11 flex-none rounded-full border transition-colors disabled:opacity-50 ${checked ? 'border-accent bg-accent' : 'border-strong bg-sunken'}`}>
      <span aria-hidden className={`block size-4 rounded-full transition-transform ${checked ? 'translate-x-[22px] bg-on-accent' : 'translate-x-1 bg-muted'}`} />
    </button>
  )
}
