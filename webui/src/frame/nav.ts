import { Boxes, CircleUser, Globe, House, ScrollText, Settings, Smartphone, Waypoints, type LucideIcon } from 'lucide-react'

export interface NavItem { to: string; label: string; icon: LucideIcon; testid: string }
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

/** A person's whole portal: their devices, and their account. */
const portal: NavGroup[] = [
  {
    label: null,
    items: [
      { to: '/peers', label: 'peers.mine', icon: Smartphone, testid: 'nav-peers' },
      { to: '/settings', label: 'settings.account', icon: CircleUser, testid: 'nav-settings' },
    ],
  },
]

export const navFor = (admin: boolean): NavGroup[] => (admin ? nav : portal)
