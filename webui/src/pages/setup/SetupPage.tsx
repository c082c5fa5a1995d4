import { useQuery } from '@tanstack/react-query'
import { useMemo, useRef, useState, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Navigate } from 'react-router-dom'
import { ApiError, api } from '../../api/client'
import { keys } from '../../api/keys'
import type { SetupAnswer, SetupState } from '../../api/types'
import { PlainPage } from '../../components/PlainPage'
import { QueryState } from '../../components/QueryState'
import { AdminStep } from './AdminStep'
import { CheckStep } from './CheckStep'
import { DoneStep } from './DoneStep'
import { NameStep } from './NameStep'
import { PlaceStep } from './PlaceStep'
import { ProgressStep } from './ProgressStep'
import { WizardContext, type Answers } from './state'

const steps = [
  { title: 'setup.check', view: CheckStep },
  { title: 'setup.name', view: NameStep },
  { title: 'setup.place', view: PlaceStep },
  { title: 'setup.admin', view: AdminStep },
  { title: 'setup.progress', view: ProgressStep },
  { title: 'setup.done', view: DoneStep },
] as const

export function Component() {
  const { t } = useTranslation()
  const query = useQuery({ queryKey: keys.setup, queryFn: () => api.get<SetupState>('/api/setup'), staleTime: Infinity, refetchOnWindowFocus: false })
  if (query.error instanceof ApiError && query.error.status === 409) return <Navigate to="/" replace />
  return (
    <PlainPage title={t('setup.title')} wide>
      <QueryState query={query}>{(setup) => (setup.complete ? <Navigate to="/" replace /> : <Wizard setup={setup} />)}</QueryState>
    </PlainPage>
  )
}

function Wizard({ setup }: { setup: SetupState }) {
  const { t } = useTranslation()
  const [at, setAt] = useState(0)
  const [answer, setAnswer] = useState<SetupAnswer>()
  const heading = useRef<HTMLHeadingElement>(null)
  const [answers, setAnswers] = useState<Answers>({
    code: '', cellName: setup.defaults.cell_name, timezone: setup.defaults.timezone, endpoint: setup.defaults.endpoint ?? '',
    adminName: 'admin', password: '', password2: '', deviceName: t('setup.deviceDefault'),
  })
  const wizard = useMemo(() => ({
    setup, answers, answer, setAnswer,
    set: (patch: Partial<Answers>) => setAnswers((old) => ({ ...old, ...patch })),
    next: () => setAt((n) => Math.min(n + 1, steps.length - 1)),
    back: () => setAt((n) => Math.max(0, n - 1)),
  }), [setup, answers, answer])
  // A new step begins at its heading, for eyes and for screen readers.
  useEffect(() => { if (at > 0) heading.current?.focus() }, [at])
  const step = steps[at]
  if (!step) return null
  return (
    <WizardContext.Provider value={wizard}>
      <div>
        <p className="text-xs text-muted">{t('setup.step', { at: at + 1, of: steps.length })}</p>
        <div className="mt-1 mb-3 flex gap-1" aria-hidden>
          {steps.map((s, i) => <span key={s.title} className={`h-1 flex-1 rounded-full ${i <= at ? 'bg-accent' : 'bg-line'}`} />)}
        </div>
        <h1 ref={heading} tabIndex={-1} className="text-xl font-semibold outline-none" data-testid="setup-title" data-step={at + 1}>{t(step.title)}</h1>
      </div>
      <step.view />
    </WizardContext.Provider>
  )
}
