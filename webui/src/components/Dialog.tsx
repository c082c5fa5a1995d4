import * as D from '@radix-ui/react-dialog'
import { X } from 'lucide-react'
import { useRef, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { IconButton } from './Button'

interface Props {
  open: boolean
  onClose: () => void
  title: ReactNode
  description?: ReactNode
  children: ReactNode
  footer?: ReactNode
  wide?: boolean
  /** What is shown exists only here: a click beside it or Escape must not lose it. */
  keep?: boolean | undefined
  testid?: string
}

function Frame({ open, onClose, title, description, children, footer, testid, keep, place }: Props & { place: string }) {
  const { t } = useTranslation()
  const body = useRef<HTMLDivElement>(null)
  // Focus goes to what is to be filled in; to the text when there is nothing. The close button is no place to begin.
  const focusFirst = (e: Event) => {
    e.preventDefault()
    const first = body.current?.querySelector<HTMLElement>('[autofocus], input:not([type=hidden], [type=checkbox], [readonly], [hidden]), select, textarea')
    ;(first ?? body.current)?.focus()
  }
  return (
    <D.Root open={open} onOpenChange={(o) => { if (!o) onClose() }}>
      <D.Portal>
        <D.Overlay className="fade-in fixed inset-0 z-40 bg-black/45" />
        <D.Content
          onOpenAutoFocus={focusFirst} onInteractOutside={(e) => { if (keep) e.preventDefault() }} onEscapeKeyDown={(e) => { if (keep) e.preventDefault() }}
          data-testid={testid} {...(description ? {} : { 'aria-describedby': undefined })}
          className={`fade-in fixed z-50 flex flex-col border-line bg-surface text-text ${place}`}
        >
          <header className="flex items-start gap-3 border-b border-line px-5 py-3">
            <div className="min-w-0 flex-1">
              <D.Title className="text-base font-semibold">{title}</D.Title>
              {description && <D.Description className="text-sm text-muted">{description}</D.Description>}
            </div>
            <D.Close asChild><IconButton icon={X} label={t('common.close')} className="-mr-2" /></D.Close>
          </header>
          <div ref={body} className="min-h-0 flex-1 overflow-y-auto px-5 py-4 outline-none" tabIndex={-1}>{children}</div>
          {footer && <footer className="flex flex-wrap justify-end gap-2 border-t border-line px-5 py-3">{footer}</footer>}
        </D.Content>
      </D.Portal>
    </D.Root>
  )
}

export function Dialog(props: Props) {
  const width = props.wide ? 'sm:max-w-2xl' : 'sm:max-w-lg'
  return <Frame {...props} place={`inset-x-0 bottom-0 max-h-[94dvh] rounded-t-xl border-t sm:inset-auto sm:left-1/2 sm:top-1/2 sm:w-[calc(100vw-2rem)] sm:-translate-x-1/2 sm:-translate-y-1/2 sm:max-h-[88dvh] sm:rounded-xl sm:border ${width}`} />
}

/** A panel at the right edge, for reading beside the page. */
export function Sheet(props: Props) {
  return <Frame {...props} place={`inset-y-0 right-0 w-full border-l ${props.wide ? 'sm:max-w-3xl' : 'sm:max-w-md'}`} />
}
