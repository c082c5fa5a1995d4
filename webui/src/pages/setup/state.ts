import { createContext, useContext } from 'react'
import type { SetupAnswer, SetupState } from '../../api/types'

export interface Answers {
  code: string
  cellName: string
  timezone: string
  endpoint: string
  adminName: string
  password: string
  password2: string
  deviceName: string
}
export interface Wizard {
  setup: SetupState
  answers: Answers
  set: (patch: Partial<Answers>) => void
  next: () => void
  back: () => void
  answer: SetupAnswer | undefined
  setAnswer: (a: SetupAnswer) => void
}
export const WizardContext = createContext<Wizard | null>(null)

export function useWizard(): Wizard {
  const wizard = useContext(WizardContext)
  if (!wizard) throw new Error('a setup step stands outside the wizard')
  return wizard
}

/** One DNS label: the cell's name becomes `<name>.cell`. */
export const cellNamePattern = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/
