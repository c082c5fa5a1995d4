import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError, api } from '../../api/client'
import { keys } from '../../api/keys'
import type { NewApiToken, TokenCreate } from '../../api/types'
import { Button } from '../../components/Button'
import { CopyButton } from '../../components/Copyable'
import { Dialog } from '../../components/Dialog'
import { ErrorNote } from '../../components/ErrorState'
import { seconds } from '../../lib/time'
import { toScopes } from './scopes'
import { TokenFields, type TokenDraft } from './TokenFields'

const blank: TokenDraft = { name: '', everything: false, reach: {}, readOnly: true, sources: '', days: 90 }

function toRequest(d: TokenDraft): TokenCreate {
  const allowed = d.sources.split(/[\s,]+/).filter(Boolean)
  return {
    name: d.name.trim(),
    scopes: d.everything ? ['*'] : toScopes(d.reach),
    read_only: d.everything && d.readOnly,
    ...(allowed.length ? { allowed_sources: allowed } : {}),
    ...(d.days ? { expires_at: seconds(Date.now() + d.days * 86_400_000) } : {}),
  }
}

export function TokenDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [draft, setDraft] = useState(blank)
  const create = useMutation({
    mutationFn: () => api.post<NewApiToken>('/api/auth/tokens', toRequest(draft)),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.tokens }),
  })
  const fields = create.error instanceof ApiError ? create.error.fields : {}
  const ready = draft.name.trim() !== '' && (draft.everything || toScopes(draft.reach).length > 0)
  const submit = () => { if (ready) create.mutate() }
  if (create.data) return <TokenMade token={create.data} onClose={onClose} />
  return (
    <Dialog open onClose={onClose} title={t('tokens.add')} testid="token-dialog" footer={
      <>
        <Button onClick={onClose}>{t('common.cancel')}</Button>
        <Button variant="primary" disabled={!ready} busy={create.isPending} onClick={submit} data-testid="token-create">{t('tokens.create')}</Button>
      </>
    }>
      <form className="flex flex-col gap-4" onSubmit={(e) => { e.preventDefault(); submit() }}>
        <TokenFields draft={draft} set={(patch) => setDraft((old) => ({ ...old, ...patch }))} errors={fields} />
        {create.isError && <ErrorNote error={create.error} fields={Object.keys(fields).filter((f) => /^(name|scopes|allowed_sources|expires_at)/.test(f))} />}
        <button type="submit" hidden aria-hidden tabIndex={-1} />
      </form>
    </Dialog>
  )
}

/** The only time its text is seen. */
function TokenMade({ token, onClose }: { token: NewApiToken; onClose: () => void }) {
  const { t } = useTranslation()
  const example = `curl -H "Authorization: Bearer ${token.token}" ${location.origin}/api/peers`
  return (
    <Dialog open keep onClose={onClose} title={t('tokens.made', { name: token.name })} testid="token-made" footer={<Button variant="primary" onClick={onClose} data-testid="token-done">{t('common.done')}</Button>}>
      <div className="flex flex-col gap-4 text-sm">
        <p>{t('tokens.once')}</p>
        <div className="flex items-center gap-2 rounded-md bg-sunken p-3"><code className="min-w-0 flex-1 font-mono text-sm break-all" data-testid="token-text">{token.token}</code><CopyButton value={token.token} label={t('tokens.copy')} /></div>
        <div>
          <p className="text-xs text-muted">{t('tokens.example')}</p>
          <div className="mt-1 flex items-start gap-2 rounded-md bg-sunken p-3"><code className="min-w-0 flex-1 font-mono text-xs break-all">{example}</code><CopyButton value={example} /></div>
        </div>
      </div>
    </Dialog>
  )
}
