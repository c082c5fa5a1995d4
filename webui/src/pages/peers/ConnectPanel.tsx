import { CircleCheck, Copy, Download, Radio } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useConnection } from '../../api/live'
import { usePeer } from '../../api/queries'
import type { Peer } from '../../api/types'
import { Button } from '../../components/Button'
import { QrCode } from '../../components/QrCode'
import { toast, toastError } from '../../components/Toast'
import { confName, copyText, downloadText } from '../../lib/browser'
import type { KeyOrigin } from '../../lib/device'
import { DiagnosisSheet } from './DiagnosisSheet'

/** Turns green by itself when the device is heard of for the first time. */
export function HandshakeWatch({ peer }: { peer: Peer }) {
  const { t } = useTranslation()
  // Where the event stream is not open (in the wizard, or after a loss), asking takes its place.
  const streaming = useConnection() === 'open'
  const live = usePeer(peer.id, !streaming).data?.live ?? peer.live
  const changedSince = !peer.live.last_handshake_at || (live.last_handshake_at ?? '') > peer.live.last_handshake_at
  const received = !!live.last_handshake_at && changedSince
  return (
    <div role="status" className={`flex items-center gap-2 rounded-md p-3 text-sm font-medium ${received ? 'bg-ok-soft text-ok' : 'bg-sunken text-muted'}`}>
      {received
        ? <span className="flex items-center gap-2" data-testid="handshake-received"><CircleCheck size={20} aria-hidden />{t('connect.received')}</span>
        : <span className="flex items-center gap-2" data-testid="handshake-waiting"><Radio size={20} className="animate-pulse" aria-hidden />{t('connect.waiting')}</span>}
    </div>
  )
}

/** QR code, file and text of a configuration that exists only now. */
export function ConnectPanel({ peer, config, keyOrigin }: { peer: Peer; config: string; keyOrigin: KeyOrigin }) {
  const { t } = useTranslation()
  const [trouble, setTrouble] = useState(false)
  const copy = () => void copyText(config).then(() => toast(t('common.copied')), toastError)
  return (
    <div className="flex flex-col gap-4">
      <div className="grid items-start gap-5 sm:grid-cols-[minmax(0,18rem)_1fr]">
        <div className="mx-auto w-full max-w-80"><QrCode text={config} /></div>
        <div className="flex min-w-0 flex-col gap-3 text-sm">
          <ol className="list-decimal space-y-1.5 pl-5">
            <li>{t('connect.step1')}</li>
            <li>{t('connect.step2')}</li>
            <li>{t('connect.step3')}</li>
          </ol>
          <div className="flex flex-wrap gap-2">
            <Button icon={Download} onClick={() => downloadText(confName(peer.name), config)} data-testid="device-config-download">{t('connect.download')}</Button>
            <Button icon={Copy} onClick={copy} data-testid="device-config-copy">{t('connect.copy')}</Button>
          </div>
          <p className="text-xs text-muted">{t(keyOrigin === 'browser' ? 'connect.keyBrowser' : 'connect.keyServer')}</p>
        </div>
      </div>
      <HandshakeWatch peer={peer} />
      <p className="text-xs text-muted">{t('connect.trouble')} <button type="button" className="link min-h-6" onClick={() => setTrouble(true)} data-testid="connect-diagnose">{t('peers.diagnose')}</button></p>
      {trouble && <DiagnosisSheet peer={peer} onClose={() => setTrouble(false)} />}
    </div>
  )
}
