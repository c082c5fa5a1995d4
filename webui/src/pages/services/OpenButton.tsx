import { ExternalLink as Icon } from 'lucide-react'
import type { ReactNode } from 'react'
import { buttonClass } from '../../components/Button'

/** A button that leads to a service's own page, in a tab of its own. */
export function OpenButton({ href, children, primary = false, testid }: { href: string; children: ReactNode; primary?: boolean; testid?: string }) {
  return <a href={href} target="_blank" rel="noreferrer" className={buttonClass(primary ? 'primary' : 'secondary')} data-testid={testid}><Icon size={16} aria-hidden />{children}</a>
}
