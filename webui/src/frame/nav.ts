import { Boxes, Globe, House, ScrollText, Settings, Smartphone, Waypoints, type LucideIcon } from 'lucide-react'

export interface NavItem { to: string; label: string; icon: LucideIcon; admin: boolean; testid: string }
export interface NavGroup { label: string | null; items: NavItem[] }

/** The pages there are, in the order of the rail. `label` is a key of the catalogue. */
export const nav: NavGroup[] = [
  {
    label: null,
    items: [
      { to: '/', label: 'nav.home', icon: House, admin: true, testid: 'nav-home' },
      { to: '/peers', label: 'nav.peers', icon: Smartphone, admin: false, testid: 'nav-peers' },
    ],
  },
  {
    label: 'nav.network',
    items: [
      { to: '/network', label: 'nav.services', icon: Globe, admin: true, testid: 'nav-network' },
      { to: '/wireguard', label: 'nav.wireguard', icon: Waypoints, admin: true, testid: 'nav-wireguard' },
    ],
  },
  {
    label: 'nav.system',
    items: [
      { to: '/containers', label: 'nav.containers', icon: Boxes, admin: true, testid: 'nav-containers' },
      { to: '/logs', label: 'nav.logs', icon: ScrollText, admin: true, testid: 'nav-logs' },
      { to: '/settings', label: 'nav.settings', icon: Settings, admin: false, testid: 'nav-settings' },
    ],
  },
]

export const navFor = (admin: boolean): NavGroup[] =>
  nav.map((g) => ({ ...g, items: g.items.filter((i) => admin || !i.admin) })).filter((g) => g.items.length > 0)
