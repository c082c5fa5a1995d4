import { CircleX, RotateCw } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../api/client'
import { sentence } from '../lib/format'
import { Button } from './Button'
import { CopyButton } from './Copyable'

/** What happened, and what to do; never a bare status number. */
export function useProblemText(error: unknown): { what: string; todo: string | undefined; detail: string } {
  const { t } = useTranslation()
  if (error instanceof ApiError) {
    const p = error.problem
    const detail = JSON.stringify(p, null, 2)
    if (p.status === 0) return { what: t('error.unreachable'), todo: t('error.unreachableFix'), detail }
    if (p.status === 429) return { what: p.detail ? sentence(p.detail) : t('error.tooMany'), todo: p.hint ? sentence(p.hint) : t('error.tooManyFix', { count: error.retryAfter ?? 60 }), detail }
    if (p.status === 412) return { what: t('error.stale'), todo: t('error.staleFix'), detail }
    if (p.status === 403 && !p.detail) return { what: t('error.forbidden'), todo: undefined, detail }
    return { what: sentence(p.detail ?? p.title), todo: p.hint ? sentence(p.hint) : p.status >= 500 ? t('error.serverFix') : undefined, detail }
  }
  const text = error instanceof Error ? error.message : String(error)
  return { what: text, todo: undefined, detail: error instanceof Error ? (error.stack ?? text) : text }
}

function TechnicalDetail({ text }: { text: string }) {
  const { t } = useTranslation()
  return (
    <details className="mt-2 text-xs">
      <summary className="cursor-pointer text-muted">{t('error.detail')}</summary>
      <div className="mt-1 flex items-start gap-1 rounded bg-sunken p-2">
        <pre className="max-h-48 min-w-0 flex-1 overflow-auto font-mono whitespace-pre-wrap" tabIndex={0}>{text}</pre>
        <CopyButton value={text} />
      </div>
    </details>
  )
}

/** An error beside a form or in a dialog. `fields`: those the form marks itself; what is said there isn't said twice. */
export function ErrorNote({ error, fields = [] }: { error: unknown; fields?: readonly string[] }) {
  const { what, todo, detail } = useProblemText(error)
  const named = error instanceof ApiError ? Object.keys(error.fields) : []
  if (named.length > 0 && named.every((n) => fields.includes(n))) return null
  return (
    <div role="alert" className="rounded-md border border-problem bg-problem-soft p-3 text-sm" data-testid="error-note">
      <p className="flex gap-2 font-medium text-problem"><CircleX size={18} className="mt-0.5" aria-hidden />{what}</p>
      {todo && <p className="mt-1 pl-6.5">{todo}</p>}
      <TechnicalDetail text={detail} />
    </div>
  )
}

/** A whole page or section that could not be loaded. */
export function ErrorState({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { t } = useTranslation()
  const { what, todo, detail } = useProblemText(error)
  return (
    <div role="alert" className="mx-auto flex max-w-lg flex-col items-start gap-3 rounded-lg border border-line bg-surface p-5" data-testid="error-state">
      <p className="flex gap-2 text-base font-medium"><CircleX className="mt-0.5 text-problem" size={20} aria-hidden />{t('error.couldNotLoad')}</p>
      <p className="text-sm">{what}</p>
      {todo && <p className="text-sm text-muted">{todo}</p>}
      <Button icon={RotateCw} onClick={onRetry} data-testid="retry">{t('error.retry')}</Button>
      <div className="w-full"><TechnicalDetail text={detail} /></div>
    </div>
  )
}
