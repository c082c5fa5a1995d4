import { CircleAlert } from 'lucide-react'
import { sentence } from '../lib/format'
import { createContext, forwardRef, useContext, useId, type InputHTMLAttributes, type ReactNode, type SelectHTMLAttributes, type TextareaHTMLAttributes } from 'react'

interface FieldIds { id: string; describedBy: string | undefined; invalid: boolean }
const FieldContext = createContext<FieldIds | null>(null)

/** A label, the control inside, a hint and the error, tied together for screen readers. */
export function Field({ label, hint, error, children, className = '' }: { label: ReactNode; hint?: ReactNode; error?: string | undefined; children: ReactNode; className?: string }) {
  const id = useId()
  const describedBy = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ') || undefined
  return (
    <div className={`flex flex-col gap-1 ${className}`}>
      <label htmlFor={id} className="text-sm font-medium">{label}</label>
      <FieldContext.Provider value={{ id, describedBy, invalid: !!error }}>{children}</FieldContext.Provider>
      {hint && <p id={`${id}-hint`} className="text-xs text-muted">{hint}</p>}
      {error && (
        <p id={`${id}-error`} role="alert" className="text-xs text-problem flex items-start gap-1">
          <CircleAlert size={15} className="mt-0.5" aria-hidden />{sentence(error)}
        </p>
      )}
    </div>
  )
}

function useField() {
  const field = useContext(FieldContext)
  return field ? { id: field.id, 'aria-describedby': field.describedBy, 'aria-invalid': field.invalid || undefined } : {}
}
const box = 'w-full min-h-9 rounded-md border border-strong bg-surface px-3 py-1.5 text-sm text-text aria-invalid:border-problem disabled:opacity-60'

export const Input = forwardRef<HTMLInputElement, InputHTMLAttributes<HTMLInputElement>>(function Input({ className = '', ...rest }, ref) {
  return <input ref={ref} {...useField()} className={`${box} ${className}`} {...rest} />
})

export const Select = forwardRef<HTMLSelectElement, SelectHTMLAttributes<HTMLSelectElement>>(function Select({ className = '', children, ...rest }, ref) {
  return <select ref={ref} {...useField()} className={`${box} ${className}`} {...rest}>{children}</select>
})

export const Textarea = forwardRef<HTMLTextAreaElement, TextareaHTMLAttributes<HTMLTextAreaElement>>(function Textarea({ className = '', ...rest }, ref) {
  return <textarea ref={ref} {...useField()} className={`${box} ${className}`} {...rest} />
})

export const Checkbox = forwardRef<HTMLInputElement, InputHTMLAttributes<HTMLInputElement> & { label: ReactNode; hint?: ReactNode }>(
  function Checkbox({ label, hint, className = '', ...rest }, ref) {
    const id = useId()
    return (
      <div className={`flex items-start gap-3 ${className}`}>
        <input ref={ref} type="checkbox" id={id} aria-describedby={hint ? `${id}-hint` : undefined} className="mt-0.5 size-5 accent-accent flex-none" {...rest} />
        <div>
          <label htmlFor={id} className="text-sm">{label}</label>
          {hint && <p id={`${id}-hint`} className="text-xs text-muted">{hint}</p>}
        </div>
      </div>
    )
  },
)

/** One of a few, side by side: ranges, levels, kinds. */
export function Segmented<T extends string>({ label, value, options, onChange, testid }: {
  label: string; value: T; options: readonly { value: T; label: string }[]; onChange: (v: T) => void; testid?: string
}) {
  return (
    <div role="radiogroup" aria-label={label} className="inline-flex max-w-full flex-wrap rounded-md border border-strong bg-surface p-0.5" data-testid={testid}>
      {options.map((o, i) => (
        <button
          key={o.value} type="button" role="radio" aria-checked={o.value === value} tabIndex={o.value === value ? 0 : -1}
          data-testid={testid && `${testid}-${o.value || 'all'}`}
          className={`min-h-8 rounded px-2.5 text-xs font-medium ${o.value === value ? 'bg-accent text-on-accent' : 'text-text hover:bg-sunken'}`}
          onClick={() => onChange(o.value)}
          onKeyDown={(e) => {
            const step = e.key === 'ArrowRight' || e.key === 'ArrowDown' ? 1 : e.key === 'ArrowLeft' || e.key === 'ArrowUp' ? -1 : 0
            const next = options[(i + step + options.length) % options.length]
            if (!step || !next) return
            e.preventDefault()
            onChange(next.value)
            const sibling = e.currentTarget.parentElement?.children[(i + step + options.length) % options.length]
            if (sibling instanceof HTMLElement) sibling.focus()
          }}
        >{o.label}</button>
      ))}
    </div>
  )
}
