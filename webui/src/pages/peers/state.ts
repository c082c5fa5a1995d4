import type { Peer, PeerState } from '../../api/types'
import { collator } from '../../components/sort'
import type { Tone } from '../../components/StatusBadge'

export const peerTone: Record<PeerState, Tone> = { online: 'ok', idle: 'neutral', never: 'info', disabled: 'attention', expired: 'attention' }
export const dotColor: Record<PeerState, string> = { online: 'bg-dot-ok', idle: 'bg-strong', never: 'bg-transparent border-2 border-strong', disabled: 'bg-dot-attention', expired: 'bg-dot-attention' }

export interface PeerFilter { q: string; tag: string; owner: string; state: string }

export function filterPeers(peers: Peer[], f: PeerFilter): Peer[] {
  const q = f.q.trim().toLowerCase()
  return peers
    .filter((p) => {
      if (f.state && p.live.state !== f.state) return false
      if (f.tag && !p.tags.includes(f.tag)) return false
      if (f.owner && p.owner_id !== f.owner) return false
      return !q || [p.name, p.owner_name ?? '', p.dns_name, ...p.addresses, ...p.tags].some((text) => text.toLowerCase().includes(q))
    })
    .sort((a, b) => collator.compare(a.name, b.name))
}

export const parseTags = (text: string) => [...new Set(text.split(/[,\s]+/).map((t) => t.trim()).filter(Boolean))]
