import { useTranslation } from 'react-i18next'
import type { Health, HealthItem } from '../api/types'
import { LinkButton } from '../components/Button'
import { StatusBadge, toneIcon, toneText, type Tone } from '../components/StatusBadge'
import { day, sentence } from '../lib/format'
import { IgnoreMenu, StopIgnoring } from './IgnoreItem'

const tones: Record<HealthItem['severity'], Tone> = { problem: 'problem', attention: 'attention', info: 'info' }
const stateTone: Record<Health['components'][number]['state'], Tone> = { ok: 'ok', degraded: 'attention', down: 'problem', pending: 'info' }

const isIgnored = (i: HealthItem) => !!i.ignore_until && Date.parse(i.ignore_until) > Date.now()

/** What somebody should look at: not the remarks, not what is being ignored. */
export const needing = (items: HealthItem[]) => items.filter((i) => i.severity !== 'info' && !isIgnored(i))

function Row({ item: i, onFollow }: { item: HealthItem; onFollow: (() => void) | undefined }) {
  const Icon = toneIcon(tones[i.severity])
  return (
    <li className="flex gap-3 border-b border-line px-4 py-3 last:border-0" data-testid={`health-item-${i.id}`}>
      <Icon size={20} className={`mt-0.5 ${toneText[tones[i.severity]]}`} aria-hidden />
      <div className="flex min-w-0 flex-1 flex-wrap items-start gap-x-4 gap-y-2 text-sm">
        <div className="min-w-52 flex-1">
          <p className="font-medium">{sentence(i.title)}</p>
          {i.cause && <p className="text-muted">{sentence(i.cause)}</p>}
          {i.fix && <p>{sentence(i.fix)}</p>}
        </div>
        <div className="flex flex-wrap gap-2">
          {i.action && <LinkButton to={i.action.href} onClick={() => onFollow?.()}>{i.action.label}</LinkButton>}
          <IgnoreMenu item={i} />
        </div>
      </div>
    </li>
  )
}

/** Everything that needs somebody, then the remarks; what is being ignored is folded away below. */
export function HealthItems({ items, onFollow }: { items: HealthItem[]; onFollow?: () => void }) {
  const { t } = useTranslation()
  const shown = [...needing(items), ...items.filter((i) => i.severity === 'info' && !isIgnored(i))]
  const ignored = items.filter(isIgnored)
  return (
    <div className="flex flex-col gap-2">
      {shown.length > 0 && (
        <ul className="rounded-lg border border-line bg-surface" data-testid="health-items">
          {shown.map((i) => <Row key={i.id} item={i} onFollow={onFollow} />)}
        </ul>
      )}
      {ignored.length > 0 && (
        <details className="text-sm" data-testid="health-ignored">
          <summary className="w-fit cursor-pointer py-1 text-muted">{t('health.ignored', { count: ignored.length })}</summary>
          <ul>
            {ignored.map((i) => (
              <li key={i.id} className="flex flex-wrap items-center gap-x-3 gap-y-1 py-1">
                <span className="min-w-0 flex-1">{sentence(i.title)}<span className="block text-xs text-muted">{t('health.ignoredUntil', { date: day(i.ignore_until ?? '') })}</span></span>
                <StopIgnoring item={i} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  )
}

export function HealthList({ items, components, onFollow }: { items: HealthItem[]; components: Health['components']; onFollow: () => void }) {
  const { t } = useTranslation()
  return (
    <div className="flex flex-col gap-5">
      {items.length > 0 && <HealthItems items={items} onFollow={onFollow} />}
      <section aria-label={t('health.parts')}>
        <h3 className="mb-2 text-sm font-semibold">{t('health.parts')}</h3>
        <ul className="flex flex-col gap-2">
          {components.map((c) => (
            <li key={c.name} className="flex flex-wrap items-center gap-2 text-sm">
              <span className="min-w-0 flex-1">{t(`part.${c.name}`, { defaultValue: c.name })}{c.detail && <span className="block text-xs text-muted">{sentence(c.detail)}</span>}</span>
              <StatusBadge tone={stateTone[c.state]}>{t(`component.${c.state}`)}</StatusBadge>
            </li>
          ))}
        </ul>
      </section>
    </div>
  )
}
