import type { LucideIcon } from 'lucide-react'
import { useEffect, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

/** One page: its heading, its actions, its content. The heading is also the document's title. */
export function Page({ title, lead, actions, children }: { title: string; lead?: ReactNode; actions?: ReactNode; children: ReactNode }) {
  const { t } = useTranslation()
  useEffect(() => { document.title = `${title} · ${t('app.name')}` }, [title, t])
  return (
    <div className="mx-auto flex w-full max-w-[1200px] flex-col gap-5">
      <header className="flex flex-wrap items-center gap-3">
        <div className="min-w-[min(100%,13rem)] flex-1">
          <h1 className="text-xl font-semibold" data-testid="page-title">{title}</h1>
          {lead && <p className="text-sm text-muted">{lead}</p>}
        </div>
        {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
      </header>
      {children}
    </div>
  )
}

export function Section({ title, lead, actions, children, className = '' }: { title: string; lead?: ReactNode; actions?: ReactNode; children: ReactNode; className?: string }) {
  return (
    <section className={`flex flex-col gap-3 ${className}`} aria-label={title}>
      <div className="flex flex-wrap items-center gap-2">
        <div className="min-w-[min(100%,11rem)] flex-1">
          <h2 className="text-base font-semibold">{title}</h2>
          {lead && <p className="text-xs text-muted">{lead}</p>}
        </div>
        {actions}
      </div>
      {children}
    </section>
  )
}

export function Card({ children, className = '', ...rest }: { children: ReactNode; className?: string; 'data-testid'?: string }) {
  return <div className={`rounded-lg border border-line bg-surface p-4 ${className}`} {...rest}>{children}</div>
}

export function Stat({ label, value, hint, testid }: { label: string; value: ReactNode; hint?: ReactNode; testid?: string }) {
  return (
    <div className="min-w-0">
      <div className="text-xs text-muted">{label}</div>
      <div className="text-lg font-semibold" data-testid={testid}>{value}</div>
      {hint && <div className="text-xs text-muted">{hint}</div>}
    </div>
  )
}

/** Pairs of name and value. */
export function Facts({ items }: { items: { label: string; value: ReactNode }[] }) {
  return (
    <dl className="grid grid-cols-1 gap-x-6 gap-y-2 sm:grid-cols-[minmax(9rem,auto)_1fr]">
      {items.map((i) => (
        <div key={i.label} className="contents">
          <dt className="text-sm text-muted max-sm:-mb-2">{i.label}</dt>
          <dd className="min-w-0 text-sm">{i.value}</dd>
        </div>
      ))}
    </dl>
  )
}

export function EmptyState({ icon: Icon, title, children, action }: { icon: LucideIcon; title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="flex flex-col items-center gap-2 rounded-lg border border-dashed border-strong px-5 py-10 text-center" data-testid="empty-state">
      <Icon size={28} className="text-muted" aria-hidden />
      <p className="text-base font-medium">{title}</p>
      {children && <div className="max-w-md text-sm text-muted">{children}</div>}
      {action && <div className="mt-2">{action}</div>}
    </div>
  )
}

/** Grey shapes of the size of what is coming. */
export function Skeleton({ rows = 3, height = 'h-16' }: { rows?: number; height?: string }) {
  const { t } = useTranslation()
  return (
    <div className="flex flex-col gap-3" aria-busy="true" data-testid="skeleton">
      <span className="sr-only" role="status">{t('common.loading')}</span>
      {Array.from({ length: rows }, (_, i) => <div key={i} className={`skeleton ${height}`} />)}
    </div>
  )
}
