import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router-dom'
import { api } from '../../api/client'
import { keys } from '../../api/keys'
import type { Peer } from '../../api/types'
import { ConfirmDialog } from '../../components/ConfirmDialog'
import { toast } from '../../components/Toast'
import { DiagnosisSheet } from './DiagnosisSheet'
import { EditPeerDialog } from './EditPeerDialog'
import { LinkDialog } from './LinkDialog'
import type { PeerDialogName } from './PeerActions'
import { QrDialog } from './QrDialog'
import { RekeyDialog } from './RekeyDialog'

export function PeerDialogs({ peer, name, onClose }: { peer: Peer; name: PeerDialogName; onClose: () => void }) {
  switch (name) {
    case 'edit': return <EditPeerDialog peer={peer} onClose={onClose} />
    case 'qr': return <QrDialog peer={peer} onClose={onClose} />
    case 'link': return <LinkDialog peer={peer} onClose={onClose} />
    case 'rekey': return <RekeyDialog peer={peer} onClose={onClose} />
    case 'diagnosis': return <DiagnosisSheet peer={peer} onClose={onClose} />
    case 'delete': return <DeleteDialog peer={peer} onClose={onClose} />
  }
}

function DeleteDialog({ peer, onClose }: { peer: Peer; onClose: () => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const navigate = useNavigate()
  const remove = async () => {
    await api.delete(`/api/peers/${encodeURIComponent(peer.id)}`)
    client.setQueryData<Peer[]>(keys.peers, (old) => old?.filter((p) => p.id !== peer.id))
    toast(t('peers.deleted', { name: peer.name }))
    if (location.pathname.startsWith('/peers/')) navigate('/peers', { replace: true })
  }
  return (
    <ConfirmDialog title={t('peers.deleteTitle', { name: peer.name })} act={t('peers.delete')} typed={peer.name} onConfirm={remove} onClose={onClose} testid="peer-delete-dialog">
      {t('peers.deleteText')}
    </ConfirmDialog>
  )
}
