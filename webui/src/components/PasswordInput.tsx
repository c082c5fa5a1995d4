import { Eye, EyeOff } from 'lucide-react'
import { forwardRef, useState, type InputHTMLAttributes } from 'react'
import { useTranslation } from 'react-i18next'
import { strength } from '../lib/password'
import { IconButton } from './Button'
import { Input } from './form'

export const PasswordInput = forwardRef<HTMLInputElement, InputHTMLAttributes<HTMLInputElement>>(function PasswordInput(props, ref) {
  const { t } = useTranslation()
  const [shown, setShown] = useState(false)
  return (
    <div className="relative">
      <Input ref={ref} {...props} type={shown ? 'text' : 'password'} className="pr-11" autoCapitalize="none" spellCheck={false} />
      <IconButton icon={shown ? EyeOff : Eye} label={t(shown ? 'common.hide' : 'common.show')} onClick={() => setShown(!shown)} className="absolute top-0 right-0" />
    </div>
  )
})

const colors = ['bg-dot-problem', 'bg-dot-problem', 'bg-dot-attention', 'bg-dot-ok', 'bg-dot-ok']

/** Four bars and a word. */
export function StrengthMeter({ password, related }: { password: string; related?: string[] }) {
  const { t } = useTranslation()
  const value = password ? strength(password, related) : 0
  return (
    <div className="flex items-center gap-2" data-testid="password-strength" data-strength={value}>
      <div className="flex flex-1 gap-1" aria-hidden>
        {[1, 2, 3, 4].map((n) => <span key={n} className={`h-1.5 flex-1 rounded-full ${password && value >= n ? colors[value] : 'bg-line'}`} />)}
      </div>
      <span className="text-xs text-muted" role="status">{password ? t(`strength.${value}`) : t('strength.none')}</span>
    </div>
  )
}
