import { useQuery, useQueryClient } from '@tanstack/react-query'
import { KeySquare, Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router-dom'
import { api } from '../../api/client'
import { keys } from '../../api/keys'
import type { ApiToken, Page } from '../../api/types'
import { Button } from '../../components/Button'
import { ConfirmDialog } from '../../components/ConfirmDialog'
import { EmptyState, Section } from '../../components/layout'
import { QueryState } from '../../components/QueryState'
import { Chip, StatusBadge } from '../../components/StatusBadge'
import { Table } from '../../components/Table'
import { Ago } from '../../components/Time'
import { toast } from '../../components/Toast'
import { day } from '../../lib/format'
import { scopeText } from './scopes'
import { TokenDialog } from './TokenDialog'

const isOver = (token: ApiToken) => !!token.expires_at && Date.parse(token.expires_at) < Date.now()

/** Keys for programs that talk to the cell in one's name. */
export function TokensTab() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [params, setParams] = useSearchParams()
  const [revoke, setRevoke] = useState<ApiToken>()
  const tokens = useQuery({ queryKey: keys.tokens, queryFn: async () => (await api.get<Page<ApiToken>>('/api/auth/tokens')).items })
  const add = <Button variant="primary" icon={Plus} onClick={() => setParams({ dialog: 'add' })} data-testid="token-add">{t('tokens.add')}</Button>
  return (
    <Section title={t('tokens.title')} lead={t('tokens.lead')} actions={!!tokens.data?.length && add}>
      <QueryState query={tokens}>
        {(rows) => rows.length === 0 ? <EmptyState icon={KeySquare} title={t('tokens.empty')} action={add}>{t('tokens.emptyText')}</EmptyState> : (
          <Table label={t('tokens.title')} rows={rows} rowKey={(x) => x.id} testid="tokens-table" columns={[
            { key: 'name', label: t('login.name'), sort: (x) => x.name, cell: (x) => <span data-testid={`token-${x.name}`}><span className="font-medium">{x.name}</span><code className="block font-mono text-xs text-muted">{x.prefix}…</code></span> },
            {
              key: 'may', label: t('tokens.may'), cell: (x) => (
                <span className="flex flex-wrap gap-1">
                  {x.scopes.map((s) => <Chip key={s}>{scopeText(t, s)}</Chip>)}{x.read_only && <Chip>{t('tokens.readOnly')}</Chip>}
                  {x.allowed_sources.length > 0 && <span className="basis-full text-xs text-muted">{t('tokens.from', { sources: x.allowed_sources.join(', ') })}</span>}
                </span>
              ),
            },
            { key: 'used', label: t('tokens.used'), className: 'whitespace-nowrap', cell: (x) => (x.last_used_at ? <Ago at={x.last_used_at} /> : t('tokens.never')) },
            { key: 'until', label: t('add.expires'), className: 'whitespace-nowrap', cell: (x) => isOver(x) ? <StatusBadge tone="attention">{t('peer.expired')}</StatusBadge> : x.expires_at ? day(x.expires_at) : t('peer.noExpiry') },
            { key: 'act', label: t('common.actions'), hideLabel: true, className: 'md:text-right', cell: (x) => <Button onClick={() => setRevoke(x)} data-testid={`token-revoke-${x.name}`}>{t('tokens.revoke')}</Button> },
          ]} />
        )}
      </QueryState>
      {params.get('dialog') === 'add' && <TokenDialog onClose={() => setParams({})} />}
      {revoke && (
        <ConfirmDialog title={t('tokens.revokeTitle', { name: revoke.name })} act={t('tokens.revoke')} onClose={() => setRevoke(undefined)} onConfirm={async () => {
          await api.delete(`/api/auth/tokens/${encodeURIComponent(revoke.id)}`)
          await client.invalidateQueries({ queryKey: keys.tokens })
          toast(t('tokens.revoked', { name: revoke.name }))
        }}>{t('tokens.revokeText')}</ConfirmDialog>
      )}
    </Section>
  )
}
