import { useQuery } from '@tanstack/react-query'
import { KeyRound } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError, api } from '../../api/client'
import type { Peer } from '../../api/types'
import { Button } from '../../components/Button'
import { Dialog } from '../../components/Dialog'
import { ErrorState } from '../../components/ErrorState'
import { Skeleton } from '../../components/layout'
import { ConnectPanel } from './ConnectPanel'
import { RekeyDialog } from './RekeyDialog'

/** The configuration once more, if the server still has its key; else the way to a new one. */
export function QrDialog({ peer, onClose }: { peer: Peer; onClose: () => void }) {
  const { t } = useTranslation()
  const [rekey, setRekey] = useState(false)
  const [reveal, setReveal] = useState(false)
  const config = useQuery({
    queryKey: ['peer-config', peer.id], enabled: reveal, retry: false, gcTime: 0, staleTime: Infinity,
    queryFn: () => api.text(`/api/peers/${encodeURIComponent(peer.id)}/config`),
  })
  if (rekey) return <RekeyDialog peer={peer} onClose={onClose} />
  const gone = !peer.config_available || (config.error instanceof ApiError && config.error.status === 410)
  return (
    <Dialog open wide keep={config.data !== undefined} onClose={onClose} title={t('qr.title', { name: peer.name })} testid="qr-dialog">
      {config.data !== undefined ? <ConnectPanel peer={peer} config={config.data} keyOrigin="server" />
        : gone ? (
          <div className="flex flex-col items-start gap-3 text-sm">
            <p>{t(peer.key_origin === 'browser' ? 'qr.goneBrowser' : 'qr.goneServer')}</p>
            <Button icon={KeyRound} variant="primary" onClick={() => setRekey(true)} data-testid="qr-rekey">{t('peers.rekey')}</Button>
          </div>
        ) : !reveal ? (
          <div className="flex flex-col items-start gap-3 text-sm">
            <p>{t('qr.once')}</p>
            <img src={`/api/peers/${encodeURIComponent(peer.id)}/qr.svg`} alt={t('qr.label')} className="w-full max-w-72 rounded-md border border-line bg-white p-2" />
            <Button variant="primary" onClick={() => setReveal(true)} data-testid="qr-reveal">{t('qr.reveal')}</Button>
          </div>
        ) : config.isError ? <ErrorState error={config.error} onRetry={() => void config.refetch()} /> : <Skeleton rows={1} height="h-72" />}
    </Dialog>
  )
}
