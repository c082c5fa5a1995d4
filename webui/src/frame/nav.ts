import { Boxes, CircleUser, Globe, House, Package, ScrollText, Settings, Smartphone, Store, Waypoints, type LucideIcon } from 'lucide-react'
import type { Service } from '../api/types'

export interface NavItem {
  to: string
  /** A key of the catalogue, or with `name` not looked at. */
  label: string
  /** What an installed service is called. */
  name?: string
  icon: LucideIcon
  /** A service's own picture, in place of the icon. */
  image?: string | null
  /** Something about it needs somebody. */
  alert?: boolean
  testid: string
}
export interface NavGroup { label: string | null; items: NavItem[] }

/** An administrator's pages, in the order of the rail. `label` is a key of the catalogue. */
export const nav: NavGroup[] = [
  {
    label: null,
    items: [
      { to: '/', label: 'nav.home', icon: House, testid: 'nav-home' },
      { to: '/peers', label: 'nav.peers', icon: Smartphone, testid: 'nav-peers' },
    ],
  },
  {
    label: 'nav.apps',
    items: [{ to: '/services', label: 'nav.store', icon: Store, testid: 'nav-store' }],
  },
  {
    label: 'nav.network',
    items: [
      { to: '/network', label: 'nav.services', icon: Globe, testid: 'nav-network' },
      { to: '/wireguard', label: 'nav.wireguard', icon: Waypoints, testid: 'nav-wireguard' },
    ],
  },
  {
    label: 'nav.system',
    items: [
      { to: '/containers', label: 'nav.containers', icon: Boxes, testid: 'nav-containers' },
      { to: '/logs', label: 'nav.logs', icon: ScrollText, testid: 'nav-logs' },
      { to: '/settings', label: 'nav.settings', icon: Settings, testid: 'nav-settings' },
    ],
  },
]

/** A person's whole portal: their devices, the services they have an account of, and their own account. */
const portal: NavGroup[] = [
  { label: null, items: [{ to: '/peers', label: 'peers.mine', icon: Smartphone, testid: 'nav-peers' }] },
  { label: 'nav.apps', items: [] },
  { label: null, items: [{ to: '/settings', label: 'settings.account', icon: CircleUser, testid: 'nav-settings' }] },
]

/** Files are looked at here; of everything else there is the service's page. */
const pageOf = (s: Service) => (s.id === 'files' && s.address ? '/files' : `/services/${encodeURIComponent(s.id)}`)
const toItem = (s: Service): NavItem => ({
  to: pageOf(s), label: '', name: s.name, icon: Package, image: s.icon, alert: s.state === 'failed' || s.state === 'quarantined', testid: `nav-service-${s.id}`,
})

/** Installed services stand below the store, each under its own name. */
export function navFor(admin: boolean, services: readonly Service[] | undefined): NavGroup[] {
  const mine = (services ?? []).filter((s) => admin || s.accounts !== null).map(toItem)
  return (admin ? nav : portal).map((g) => (g.label === 'nav.apps' ? { ...g, items: [...g.items, ...mine] } : g)).filter((g) => g.items.length > 0)
}
