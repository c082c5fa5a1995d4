import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Download, KeyRound, QrCode as QrIcon } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError, api } from '../../api/client'
import { keys } from '../../api/keys'
import type { Peer } from '../../api/types'
import { Button } from '../../components/Button'
import { Dialog } from '../../components/Dialog'
import { ErrorNote } from '../../components/ErrorState'
import { toastError } from '../../components/Toast'
import { confName, downloadText } from '../../lib/browser'
import { ConnectPanel } from './ConnectPanel'
import { RekeyDialog } from './RekeyDialog'

/** The configuration once more, if the server still has its key; else the way to a new one. */
export function QrDialog({ peer, onClose }: { peer: Peer; onClose: () => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [rekey, setRekey] = useState(false)
  const take = useMutation({
    mutationFn: () => api.postText(`/api/peers/${encodeURIComponent(peer.id)}/config`),
    onSettled: () => client.invalidateQueries({ queryKey: keys.peers }),
  })
  if (rekey) return <RekeyDialog peer={peer} onClose={onClose} />
  const gone = take.error instanceof ApiError && take.error.status === 410
  const frame = { open: true, wide: true, onClose, title: t('qr.title', { name: peer.name }), testid: 'qr-dialog' }
  if (take.data !== undefined) {
    return <Dialog {...frame} keep footer={<Button variant="primary" onClick={onClose}>{t('common.done')}</Button>}><ConnectPanel peer={{ ...peer, config_available: false }} config={take.data} keyOrigin="server" /></Dialog>
  }
  if (gone || !peer.config_available) {
    return <Dialog {...frame} wide={false} footer={<Button icon={KeyRound} variant="primary" onClick={() => setRekey(true)} data-testid="qr-rekey">{t('peers.rekey')}</Button>}><Gone peer={peer} /></Dialog>
  }
  return (
    <Dialog {...frame} wide={false} footer={<Button icon={QrIcon} variant="primary" busy={take.isPending} onClick={() => take.mutate()} data-testid="qr-reveal">{t('qr.reveal')}</Button>}>
      <p className="text-sm">{t('qr.once')}</p>
      {take.isError && <div className="mt-4"><ErrorNote error={take.error} /></div>}
    </Dialog>
  )
}

/** The key is not here any more, but everything else is. */
function Gone({ peer }: { peer: Peer }) {
  const { t } = useTranslation()
  const template = useMutation({
    mutationFn: () => api.text(`/api/peers/${encodeURIComponent(peer.id)}/config`),
    onSuccess: (text) => downloadText(confName(peer.name), text),
    onError: toastError,
  })
  return (
    <div className="flex flex-col items-start gap-3 text-sm">
      <p>{t(peer.key_origin === 'browser' ? 'qr.goneBrowser' : 'qr.goneServer')}</p>
      <p className="text-muted">{t('qr.template')}</p>
      <Button icon={Download} busy={template.isPending} onClick={() => template.mutate()} data-testid="qr-template">{t('qr.templateAct')}</Button>
    </div>
  )
}
