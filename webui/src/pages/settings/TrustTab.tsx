import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import { keys } from '../../api/keys'
import { useIsAdmin } from '../../api/queries'
import type { VaultCa } from '../../api/types'
import { Copyable } from '../../components/Copyable'
import { Card, Facts, Section } from '../../components/layout'
import { QueryState } from '../../components/QueryState'
import { day } from '../../lib/format'
import { TrustSteps } from './TrustSteps'

export function TrustTab() {
  const { t } = useTranslation()
  const admin = useIsAdmin()
  return (
    <div className="grid items-start gap-6 lg:grid-cols-2">
      <Section title={t('trust.title')}><Card><TrustSteps /></Card></Section>
      {admin && <Section title={t('trust.ca')} lead={t('trust.caLead')}><Card><Authority /></Card></Section>}
    </div>
  )
}

function Authority() {
  const { t } = useTranslation()
  const ca = useQuery({ queryKey: keys.ca, queryFn: () => api.get<VaultCa>('/api/vault/ca'), staleTime: 300_000 })
  return (
    <QueryState query={ca}>
      {({ root, intermediate }) => (
        <Facts items={[
          { label: t('trust.root'), value: root.subject },
          { label: t('trust.fingerprint'), value: <Copyable value={root.sha256} testid="root-fingerprint" /> },
          { label: t('trust.until'), value: day(root.not_after) },
          { label: t('trust.intermediate'), value: t('trust.intermediateText', { subject: intermediate.subject, date: day(intermediate.not_after) }) },
        ]} />
      )}
    </QueryState>
  )
}
