import { Package } from 'lucide-react'
import { useState } from 'react'

/** The picture of a service; a parcel where there is none. Its name stands beside it. */
export function ServiceIcon({ icon, size = 40 }: { icon: string | null | undefined; size?: number }) {
  const [broken, setBroken] = useState<string>()
  if (icon && icon !== broken) return <img src={icon} alt="" width={size} height={size} onError={() => setBroken(icon)} className="flex-none rounded-md" style={{ width: size, height: size }} />
  if (size < 28) return <Package size={size} aria-hidden />
  return <span aria-hidden className="grid flex-none place-items-center rounded-md bg-sunken text-muted" style={{ width: size, height: size }}><Package size={Math.round(size * 0.55)} /></span>
}
