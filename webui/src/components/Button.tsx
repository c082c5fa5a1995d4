import { LoaderCircle, type LucideIcon } from 'lucide-react'
import { forwardRef, type ButtonHTMLAttributes } from 'react'
import { Link, type LinkProps } from 'react-router-dom'

type Variant = 'primary' | 'secondary' | 'ghost' | 'danger'
const looks: Record<Variant, string> = {
  primary: 'bg-accent text-on-accent border-transparent hover:bg-accent-hover',
  secondary: 'bg-surface text-text border-strong hover:bg-sunken',
  ghost: 'bg-transparent text-text border-transparent hover:bg-sunken',
  danger: 'bg-problem text-surface border-transparent hover:opacity-90',
}
const shape = 'inline-flex items-center justify-center gap-2 rounded-md border px-3 min-h-9 text-sm font-medium whitespace-nowrap transition-colors disabled:opacity-55 disabled:cursor-not-allowed'

/** For links that look like buttons. */
export const buttonClass = (variant: Variant) => `${shape} ${looks[variant]}`

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  variant?: Variant
  icon?: LucideIcon | undefined
  busy?: boolean
}

export const Button = forwardRef<HTMLButtonElement, ButtonProps>(function Button(
  { variant = 'secondary', icon: Icon, busy, children, className = '', disabled, type = 'button', ...rest }, ref,
) {
  return (
    <button ref={ref} type={type} disabled={disabled || busy} aria-busy={busy || undefined} className={`${shape} ${looks[variant]} ${className}`} {...rest}>
      {busy ? <LoaderCircle size={16} className="animate-spin" aria-hidden /> : Icon && <Icon size={16} aria-hidden />}
      {children}
    </button>
  )
})

/** A square button with an icon only; `label` is its name for screen readers and its tooltip. */
export const IconButton = forwardRef<HTMLButtonElement, Omit<ButtonProps, 'children'> & { icon: LucideIcon; label: string }>(
  function IconButton({ label, className = '', variant = 'ghost', ...rest }, ref) {
    return <Button ref={ref} variant={variant} aria-label={label} title={label} className={`!px-0 w-9 ${className}`} {...rest} />
  },
)

export function LinkButton({ variant = 'secondary', icon: Icon, children, className = '', ...rest }: LinkProps & { variant?: Variant; icon?: LucideIcon }) {
  return (
    <Link className={`${shape} ${looks[variant]} ${className}`} {...rest}>
      {Icon && <Icon size={16} aria-hidden />}
      {children}
    </Link>
  )
}
