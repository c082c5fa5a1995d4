import { ServiceIcon } from '../components/ServiceIcon'
import type { NavItem } from './nav'

/** The icon of a page, or a service's own picture; with a dot where something needs somebody. */
export function NavIcon({ item, size }: { item: NavItem; size: number }) {
  return (
    <span className="relative flex-none">
      {item.name === undefined ? <item.icon size={size} aria-hidden /> : <ServiceIcon icon={item.image} size={size} />}
      {item.alert && <span aria-hidden className="absolute -top-1 -right-1 size-2 rounded-full bg-dot-problem" />}
    </span>
  )
}
