import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { encode } from 'uqr'

/** A QR code drawn here, dark on white with its quiet zone, whatever the theme: phones read it best so. */
export function QrCode({ text, testid = 'device-qr' }: { text: string; testid?: string }) {
  const { t } = useTranslation()
  const path = useMemo(() => {
    const { data, size } = encode(text, { ecc: 'L', border: 4 })
    let d = ''
    data.forEach((row, y) => row.forEach((on, x) => { if (on) d += `M${x} ${y}h1v1h-1z` }))
    return { d, size }
  }, [text])
  return (
    <svg viewBox={`0 0 ${path.size} ${path.size}`} role="img" aria-label={t('qr.label')} data-testid={testid} data-text-length={text.length}
      shapeRendering="crispEdges" className="aspect-square w-full max-w-80 rounded-md border border-line bg-white">
      <path d={path.d} fill="#000" />
    </svg>
  )
}
