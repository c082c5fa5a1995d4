import { Check, Copy, Eye, EyeOff } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { copyText } from '../lib/browser'
import { IconButton } from './Button'

export function CopyButton({ value, label }: { value: string; label?: string }) {
  const { t } = useTranslation()
  const [done, setDone] = useState(false)
  const copy = async () => {
    await copyText(value)
    setDone(true)
    setTimeout(() => setDone(false), 1500)
  }
  return (
    <>
      <IconButton icon={done ? Check : Copy} label={label ?? t('common.copy')} onClick={() => void copy().catch(() => undefined)} className="!min-h-7 !w-7" />
      <span role="status" className="sr-only">{done ? t('common.copied') : ''}</span>
    </>
  )
}

/** A value in fixed-width type with a copy button. */
export function Copyable({ value, testid }: { value: string; testid?: string }) {
  return (
    <span className="inline-flex max-w-full items-center gap-1">
      <code className="min-w-0 font-mono text-xs break-all" data-testid={testid}>{value}</code>
      <CopyButton value={value} />
    </span>
  )
}

/** Hidden until asked for. */
export function Secret({ value }: { value: string }) {
  const { t } = useTranslation()
  const [shown, setShown] = useState(false)
  return (
    <span className="inline-flex max-w-full items-center gap-1">
      <code className="min-w-0 font-mono text-xs break-all">{shown ? value : '••••••••••••'}</code>
      <IconButton icon={shown ? EyeOff : Eye} label={shown ? t('common.hide') : t('common.show')} onClick={() => setShown(!shown)} className="!min-h-7 !w-7" />
      <CopyButton value={value} />
    </span>
  )
}
