import { WifiOff } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { reconnect } from '../api/events'
import { useConnection } from '../api/live'
import { Button } from '../components/Button'

/** A short loss is mended before anybody needs to know of it. */
const patience = 3000

/** Says that what is on screen may be old, once the event stream has been away for a while. */
export function OfflineBanner() {
  const { t } = useTranslation()
  const lost = useConnection() === 'lost'
  const [shown, setShown] = useState(false)
  useEffect(() => {
    if (!lost) return setShown(false)
    const timer = setTimeout(() => setShown(true), patience)
    return () => clearTimeout(timer)
  }, [lost])
  return (
    <div role="status">
      {shown && (
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line bg-attention-soft px-4 py-2 text-sm text-attention md:px-6" data-testid="offline-banner">
          <WifiOff size={18} aria-hidden />
          <p className="min-w-52 flex-1">{t('frame.offline')}</p>
          <Button onClick={reconnect}>{t('frame.reconnect')}</Button>
        </div>
      )}
    </div>
  )
}
