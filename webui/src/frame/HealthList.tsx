import { useTranslation } from 'react-i18next'
import type { Health, HealthItem } from '../api/types'
import { LinkButton } from '../components/Button'
import { StatusBadge, toneIcon, toneText, type Tone } from '../components/StatusBadge'

const tones: Record<HealthItem['severity'], Tone> = { problem: 'problem', attention: 'attention', info: 'info' }
const stateTone: Record<Health['components'][number]['state'], Tone> = { ok: 'ok', degraded: 'attention', down: 'problem', pending: 'info' }

/** What somebody should look at: not the remarks, not what is being ignored. */
export const needing = (items: HealthItem[]) =>
  items.filter((i) => i.severity !== 'info' && !(i.ignore_until && Date.parse(i.ignore_until) > Date.now()))

export function HealthItems({ items, onFollow }: { items: HealthItem[]; onFollow?: () => void }) {
  return (
    <ul className="flex flex-col gap-3" data-testid="health-items">
      {items.map((i) => {
        const Icon = toneIcon(tones[i.severity])
        return (
          <li key={i.id} className="flex gap-3 rounded-md border border-line bg-surface p-3" data-testid={`health-item-${i.id}`}>
            <Icon size={20} className={`mt-0.5 ${toneText[tones[i.severity]]}`} aria-hidden />
            <div className="min-w-0 flex-1 text-sm">
              <p className="font-medium">{i.title}</p>
              {i.cause && <p className="text-muted">{i.cause}</p>}
              {i.fix && <p>{i.fix}</p>}
              {i.action && <LinkButton to={i.action.href} onClick={() => onFollow?.()} className="mt-2">{i.action.label}</LinkButton>}
            </div>
          </li>
        )
      })}
    </ul>
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
              <span className="min-w-0 flex-1">{c.name}{c.detail && <span className="block text-xs text-muted">{c.detail}</span>}</span>
              <StatusBadge tone={stateTone[c.state]}>{t(`component.${c.state}`)}</StatusBadge>
            </li>
          ))}
        </ul>
      </section>
    </div>
  )
}
