import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import { Checkbox, Field, Input, Segmented, Select } from '../../components/form'
import { QueryState } from '../../components/QueryState'
import { sentence } from '../../lib/format'
import type { Reach } from './scopes'

export interface TokenDraft { name: string; everything: boolean; reach: Record<string, Reach>; readOnly: boolean; sources: string; days: number }
interface Props { draft: TokenDraft; set: (patch: Partial<TokenDraft>) => void; errors: Record<string, string> }

const lifetimes = [30, 90, 365, 0] as const
/** The first error of a list field: /scopes/2 belongs to the list as a whole. */
const errorOf = (errors: Record<string, string>, name: string) => errors[name] ?? Object.entries(errors).find(([k]) => k.startsWith(`${name}.`))?.[1]

export function TokenFields({ draft, set, errors }: Props) {
  const { t } = useTranslation()
  const scopes = errorOf(errors, 'scopes')
  return (
    <>
      <Field label={t('login.name')} hint={t('tokens.nameHint')} error={errors.name}>
        <Input value={draft.name} onChange={(e) => set({ name: e.target.value })} autoFocus autoComplete="off" data-testid="token-name" />
      </Field>
      <fieldset className="flex flex-col gap-3">
        <legend className="mb-2 text-sm font-medium">{t('tokens.may')}</legend>
        <div><Segmented label={t('tokens.may')} value={draft.everything ? 'all' : 'some'} onChange={(v) => set({ everything: v === 'all' })} testid="token-scope"
          options={[{ value: 'some', label: t('tokens.some') }, { value: 'all', label: t('tokens.everything') }]} /></div>
        {draft.everything
          ? <Checkbox label={t('tokens.readOnly')} hint={t('tokens.readOnlyHint')} checked={draft.readOnly} onChange={(e) => set({ readOnly: e.target.checked })} data-testid="token-read-only" />
          : <Parts draft={draft} set={set} />}
        {scopes && <p role="alert" className="text-xs text-problem">{scopes}</p>}
      </fieldset>
      <Field label={t('add.expires')} error={errors.expires_at}>
        <Select value={draft.days} onChange={(e) => set({ days: Number(e.target.value) })} data-testid="token-days">
          {lifetimes.map((d) => <option key={d} value={d}>{d ? t('tokens.days', { count: d }) : t('peer.noExpiry')}</option>)}
        </Select>
      </Field>
      <Field label={t('tokens.sources')} hint={t('tokens.sourcesHint')} error={errorOf(errors, 'allowed_sources')}>
        <Input value={draft.sources} onChange={(e) => set({ sources: e.target.value })} autoComplete="off" spellCheck={false} placeholder="192.168.1.0/24" className="font-mono" data-testid="token-sources" />
      </Field>
    </>
  )
}

/** The parts of the API come from its own description, so none is offered that the cell lacks. */
function Parts({ draft, set }: Omit<Props, 'errors'>) {
  const { t } = useTranslation()
  const parts = useQuery({ queryKey: ['openapi-tags'], staleTime: Infinity, queryFn: async () => (await api.get<{ tags: { name: string }[] }>('/api/openapi.json')).tags.map((x) => x.name) })
  return (
    <QueryState query={parts}>
      {(names) => (
        <ul className="max-h-56 overflow-y-auto rounded-md border border-line" tabIndex={0} aria-label={t('tokens.may')}>
          {names.map((name) => {
            const label = t(`scope.${name}`, { defaultValue: name })
            return (
              <li key={name} className="flex items-center gap-3 border-b border-line px-3 py-1.5 text-sm last:border-0">
                <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">{label}</span>
                <Select value={draft.reach[name] ?? 'none'} aria-label={label} className="!w-36 flex-none" data-testid={`token-part-${name}`}
                  onChange={(e) => set({ reach: { ...draft.reach, [name]: e.target.value as Reach } })}>
                  {(['none', 'read', 'write'] as const).map((r) => <option key={r} value={r}>{sentence(t(`tokens.reach.${r}`))}</option>)}
                </Select>
              </li>
            )
          })}
        </ul>
      )}
    </QueryState>
  )
}
