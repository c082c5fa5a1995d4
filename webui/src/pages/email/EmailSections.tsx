import type { Service } from '../../api/types'
import { AddressesSection } from './AddressesSection'
import { RecordsSection } from './RecordsSection'

/** What the page of the mail service shows in place of its plain panels. */
export function EmailSections({ service }: { service: Service }) {
  return <><AddressesSection service={service} /><RecordsSection service={service} /></>
}
