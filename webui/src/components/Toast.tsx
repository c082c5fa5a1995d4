import { CircleCheck, CircleX, X } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../api/client'
import { sentence } from '../lib/format'
import { IconButton } from './Button'

interface ToastItem { id: number; tone: 'ok' | 'problem'; text: string }
let next = 1
let push: (item: ToastItem) => void = () => {}

/** A short word that something worked. */
export const toast = (text: string) => push({ id: next++, tone: 'ok', text })
/** An error of an act that has no place of its own on the page. */
export function toastError(error: unknown) {
  // The login page says why it appeared.
  if (error instanceof ApiError && error.status === 401) return
  const text = error instanceof ApiError ? [error.problem.detail ?? error.problem.title, error.problem.hint].filter((x) => x !== undefined).map(sentence).join('. ') : sentence(error instanceof Error ? error.message : String(error))
  push({ id: next++, tone: 'problem', text })
}

export function Toaster() {
  const { t } = useTranslation()
  const [items, setItems] = useState<ToastItem[]>([])
  const drop = (id: number) => setItems((old) => old.filter((i) => i.id !== id))
  useEffect(() => {
    push = (item) => {
      setItems((old) => [...old.slice(-3), item])
      // Errors stay until they are read.
      if (item.tone === 'ok') setTimeout(() => drop(item.id), 5000)
    }
    return () => { push = () => {} }
  }, [])
  return (
    <div className="fixed right-4 bottom-20 z-50 flex w-80 max-w-[calc(100vw-2rem)] flex-col gap-2 md:bottom-4" aria-live="polite" data-testid="toasts">
      {items.map((i) => (
        <div key={i.id} role={i.tone === 'problem' ? 'alert' : 'status'} className="fade-in flex items-start gap-2 rounded-md border border-strong bg-surface p-3 text-sm" data-testid={`toast-${i.tone}`}>
          {i.tone === 'ok' ? <CircleCheck size={18} className="mt-0.5 text-ok" aria-hidden /> : <CircleX size={18} className="mt-0.5 text-problem" aria-hidden />}
          <span className="min-w-0 flex-1">{i.text}</span>
          <IconButton icon={X} label={t('common.close')} onClick={() => drop(i.id)} className="-my-1.5 -mr-1.5 !min-h-8 !w-8" />
        </div>
      ))}
    </div>
  )
}
