import { AtSign } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Service } from '../../api/types'
import { LinkButton } from '../../components/Button'
import { Copyable } from '../../components/Copyable'
import { EmptyState, Section } from '../../components/layout'
import { QueryState } from '../../components/QueryState'
import { Chip } from '../../components/StatusBadge'
import { Table } from '../../components/Table'
import { useAccounts, usePanel } from '../services/queries'
import { othersOf, readAddresses, type MailAddress } from './answers'

/** Every address of the domain: whose it is, or where its mail goes. */
export function AddressesSection({ service }: { service: Service }) {
  const { t } = useTranslation()
  const addresses = usePanel(service.id, '/addresses', readAddresses)
  const change = <LinkButton to={`/services/${encodeURIComponent(service.id)}?tab=options`} data-testid="email-change">{t('email.change')}</LinkButton>
  return (
    <Section title={t('email.addresses')} lead={t('email.addressesLead')} actions={change}>
      <QueryState query={addresses} skeleton={<div className="skeleton h-24" />}>
        {(rows) => rows.length === 0 ? <EmptyState icon={AtSign} title={t('email.noAddresses')} /> : (
          <Table label={t('email.addresses')} rows={rows} rowKey={(a) => a.address} testid="email-addresses" columns={[
            { key: 'address', label: t('email.address'), sort: (a) => a.address, cell: (a) => (a.kind === 'catch_all' ? <span className="font-mono text-xs break-all">*{a.address}</span> : <Copyable value={a.address} />) },
            { key: 'kind', label: t('email.kind'), sort: (a) => a.kind, className: 'whitespace-nowrap', cell: (a) => <Chip>{t(`email.kind.${a.kind}`)}</Chip> },
            { key: 'to', label: t('email.goesTo'), cell: (a) => <Destination service={service} address={a} /> },
          ]} />
        )}
      </QueryState>
    </Section>
  )
}

function Destination({ service, address }: { service: Service; address: MailAddress }) {
  const { t } = useTranslation()
  const accounts = useAccounts(service.id).data
  const others = othersOf(address).join(', ')
  const owner = accounts?.find((a) => a.login === address.address)?.name ?? address.address
  const keeps = address.kind === 'mailbox' && (address.targets.length === 0 || address.targets.includes(address.address))
  if (!keeps) return <span className="[overflow-wrap:anywhere]">{others}</span>
  return <span className="[overflow-wrap:anywhere]">{others ? t('email.copyTo', { name: owner, others }) : owner}</span>
}
