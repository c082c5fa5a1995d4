import { useTranslation } from 'react-i18next'
import { useExits } from '../../api/queries'
import { Field, Select } from '../../components/form'

/** Which way a device goes to the internet. Nothing to choose, and nothing to see, where no service offers another way. */
export function ExitField({ value, error, onChange }: { value: string; error?: string | undefined; onChange: (exit: string) => void }) {
  const { t } = useTranslation()
  const exits = useExits()
  const list = exits.data ?? []
  if (!value && list.length === 0) return null
  const isGone = value !== '' && exits.isSuccess && !list.some((e) => e.id === value)
  return (
    <Field label={t('exit.title')} hint={t(isGone ? 'exit.goneHint' : 'exit.hint')} error={error}>
      <Select value={value} onChange={(e) => onChange(e.target.value)} data-testid="peer-exit">
        <option value="">{t('exit.direct')}</option>
        {value !== '' && !list.some((e) => e.id === value) && <option value={value}>{value}</option>}
        {list.map((e) => <option key={e.id} value={e.id}>{e.state === 'up' ? e.name : t('exit.named', { name: e.name, state: t(`exit.state.${e.state}`) })}</option>)}
      </Select>
    </Field>
  )
}
