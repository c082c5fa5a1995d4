import { CircleCheck, Copy, Download, Radio, TriangleAlert } from 'lucide-react'
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
  const [trouble, setTrouble] = useState(false)
  // Where the event stream is not open (in the wizard, or after a loss), asking takes its place.
  const streaming = useConnection() === 'open'
  const live = usePeer(peer.id, !streaming).data?.live ?? peer.live
  const changedSince = !peer.live.last_handshake_at || (live.last_handshake_at ?? '') > peer.live.last_handshake_at
  const received = !!live.last_handshake_at && changedSince
  return (
    <div className={`flex min-h-12 flex-wrap items-center gap-x-4 gap-y-1 rounded-md px-3 py-2 text-sm font-medium ${received ? 'bg-ok-soft text-ok' : 'bg-sunken text-muted'}`}>
      <div role="status" className="flex-1">
        {received
          ? <span className="flex items-center gap-2" data-testid="handshake-received"><CircleCheck size={20} aria-hidden />{t('connect.received')}</span>
          : <span className="flex items-center gap-2" data-testid="handshake-waiting"><Radio size={20} className="animate-pulse" aria-hidden />{t('connect.waiting')}</span>}
      </div>
      {!received && <button type="button" className="link min-h-8 font-normal" onClick={() => setTrouble(true)} data-testid="connect-diagnose">{t('peers.diagnose')}</button>}
      {trouble && <DiagnosisSheet peer={peer} onClose={() => setTrouble(false)} />}
    </div>
  )
}

/** QR code, file and text of a configuration that exists only now. */
export function ConnectPanel({ peer, config, keyOrigin }: { peer: Peer; config: string; keyOrigin: KeyOrigin }) {
  const { t } = useTranslation()
  const copy = () => void copyText(config).then(() => toast(t('common.copied')), toastError)
  return (
    <div className="flex flex-col gap-4">
      <HandshakeWatch peer={peer} />
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
          <p className="flex gap-2 text-xs text-muted">
            {keyOrigin === 'server' && <TriangleAlert size={16} className="mt-0.5 text-attention" aria-hidden />}
            {t(keyOrigin === 'browser' ? 'connect.onlyHere' : peer.config_available ? 'connect.keyServer' : 'connect.madeByCell')}
          </p>
        </div>
      </div>
    </div>
  )
}
