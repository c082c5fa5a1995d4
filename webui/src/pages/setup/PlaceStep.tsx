import { useTranslation } from 'react-i18next'
import { Field, Input, Select } from '../../components/form'
import { StepFooter } from './StepFooter'
import { useWizard } from './state'

/** Where the cell stands: its time zone, and the address devices find it at. */
export function PlaceStep() {
  const { t } = useTranslation()
  const { setup, answers, set, next, back } = useWizard()
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone
  const zones = setup.timezones.includes(answers.timezone) ? setup.timezones : [answers.timezone, ...setup.timezones]
  return (
    <form className="flex flex-col gap-5" onSubmit={(e) => { e.preventDefault(); next() }}>
      <Field label={t('setup.timezone')} hint={here && here !== answers.timezone && zones.includes(here)
        ? <button type="button" className="link" onClick={() => set({ timezone: here })}>{t('setup.timezoneHere', { zone: here })}</button> : undefined}>
        <Select value={answers.timezone} onChange={(e) => set({ timezone: e.target.value })} data-testid="setup-timezone">
          {zones.map((z) => <option key={z} value={z}>{z.replace(/_/g, ' ')}</option>)}
        </Select>
      </Field>
      <Field label={t('setup.endpoint')} hint={t('setup.endpointHint')}>
        <Input value={answers.endpoint} onChange={(e) => set({ endpoint: e.target.value })} autoCapitalize="none" spellCheck={false} autoComplete="off" placeholder="home.example.org" data-testid="setup-endpoint" />
      </Field>
      <StepFooter onBack={back} />
    </form>
  )
}
