import { useEffect, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Logo } from './Logo'

/** A page without the frame: wizard, login, enrolment. One column. */
export function PlainPage({ title, children, wide }: { title: string; children: ReactNode; wide?: boolean }) {
  const { t } = useTranslation()
  useEffect(() => { document.title = `${title} · ${t('app.name')}` }, [title, t])
  return (
    <main className={`mx-auto flex min-h-dvh w-full flex-col gap-5 px-4 py-8 ${wide ? 'max-w-xl' : 'max-w-md justify-center'}`}>
      <div className="flex items-center gap-2.5 text-sm font-semibold"><Logo />{t('app.name')}</div>
      {children}
    </main>
  )
}
