import { useTranslation } from 'react-i18next'
import type { PeerPolicy } from '../../api/types'
import { Checkbox } from '../../components/form'

export const policyNames = ['internet', 'services', 'lan', 'peers'] as const
export const defaultPolicy: PeerPolicy = { internet: true, services: true, lan: false, peers: false }

/** What a device may reach, as four plain questions. */
export function PolicyFields({ value, onChange }: { value: PeerPolicy; onChange: (p: PeerPolicy) => void }) {
  const { t } = useTranslation()
  return (
    <fieldset className="flex flex-col gap-3">
      <legend className="mb-2 text-sm font-medium">{t('policy.title')}</legend>
      {policyNames.map((name) => (
        <Checkbox key={name} label={t(`policy.${name}`)} hint={t(`policy.${name}Hint`)} checked={value[name]} data-testid={`policy-${name}`}
          onChange={(e) => onChange({ ...value, [name]: e.target.checked })} />
      ))}
    </fieldset>
  )
}
