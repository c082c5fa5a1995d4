import { useTranslation } from 'react-i18next'
import { usePeople } from '../../api/queries'
import type { PeerPolicy } from '../../api/types'
import { Field, Input, Select } from '../../components/form'
import type { KeyOrigin } from '../../lib/device'
import { PolicyFields } from './PolicyFields'

export interface Draft { name: string; owner: string; tags: string; policy: PeerPolicy; expires: string; origin: KeyOrigin }
interface StepProps { draft: Draft; set: (patch: Partial<Draft>) => void }

export function WhoStep({ draft, set, admin, error }: StepProps & { admin: boolean; error: string | undefined }) {
  const { t } = useTranslation()
  const people = usePeople(admin)
  return (
    <div className="flex flex-col gap-4">
      <Field label={t('add.name')} hint={t('add.nameHint')} error={error}>
        <Input value={draft.name} onChange={(e) => set({ name: e.target.value })} autoFocus autoComplete="off" autoCapitalize="none" maxLength={63} data-testid="device-name" />
      </Field>
      {admin && people.data && people.data.length > 1 && (
        <Field label={t('add.owner')}>
          <Select value={draft.owner} onChange={(e) => set({ owner: e.target.value })} data-testid="device-owner">
            <option value="">{t('add.ownerMe')}</option>
            {people.data.map((p) => <option key={p.id} value={p.id}>{p.name}</option>)}
          </Select>
        </Field>
      )}
      {admin
        ? (
          <Field label={t('add.tags')} hint={t('add.tagsHint')}>
            <Input value={draft.tags} onChange={(e) => set({ tags: e.target.value })} autoComplete="off" data-testid="device-tags" />
          </Field>
        ) : <details><summary className="cursor-pointer text-sm text-muted">{t('add.key')}</summary><div className="mt-3"><KeyField draft={draft} set={set} /></div></details>}
    </div>
  )
}

function KeyField({ draft, set }: StepProps) {
  const { t } = useTranslation()
  return (
    <Field label={t('add.key')} hint={t(draft.origin === 'browser' ? 'connect.keyBrowser' : 'connect.keyServer')}>
      <Select value={draft.origin} onChange={(e) => set({ origin: e.target.value === 'server' ? 'server' : 'browser' })} data-testid="device-key-origin">
        <option value="browser">{t('add.keyBrowser')}</option>
        <option value="server">{t('add.keyServer')}</option>
      </Select>
    </Field>
  )
}

export function ReachStep({ draft, set }: StepProps) {
  const { t } = useTranslation()
  return (
    <div className="flex flex-col gap-5">
      <PolicyFields value={draft.policy} onChange={(policy) => set({ policy })} />
      <details>
        <summary className="cursor-pointer text-sm text-muted">{t('add.more')}</summary>
        <div className="mt-3 flex flex-col gap-4">
          <KeyField draft={draft} set={set} />
          <Field label={t('add.expires')} hint={t('add.expiresHint')}>
            <Input type="date" value={draft.expires} min={new Date().toISOString().slice(0, 10)} onChange={(e) => set({ expires: e.target.value })} data-testid="device-expires" />
          </Field>
        </div>
      </details>
    </div>
  )
}
