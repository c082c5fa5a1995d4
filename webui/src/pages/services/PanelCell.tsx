import { useTranslation } from 'react-i18next'
import { Secret } from '../../components/Copyable'
import { StatusBadge } from '../../components/StatusBadge'
import { Ago } from '../../components/Time'
import { bytes } from '../../lib/format'
import { serviceTone } from '../../lib/state'
import type { CellKind } from './panel'

/** A value as its kind wishes to be shown. */
export function PanelCell({ kind, value }: { kind: CellKind; value: unknown }) {
  const { t, i18n } = useTranslation()
  if (value === undefined || value === null || value === '') return <>—</>
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  switch (kind) {
    case 'bytes': return <>{typeof value === 'number' ? bytes(value) : text}</>
    case 'number': return <>{typeof value === 'number' ? new Intl.NumberFormat(i18n.language).format(value) : text}</>
    case 'time': return Number.isNaN(Date.parse(text)) ? <>{text}</> : <Ago at={text} />
    case 'state': return <StatusBadge tone={serviceTone(text)}>{text === 'ok' ? t('check.ok') : t(`state.${text}`, { defaultValue: text })}</StatusBadge>
    case 'secret': return <Secret value={text} />
    default: return <span className="[overflow-wrap:anywhere]">{Array.isArray(value) ? value.join(', ') : text}</span>
  }
}
