import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { checkDraft, type Errors } from './check'
import { initialDraft, valuesOf, type Draft, type JsonSchema, type Values } from './schema'

/** State of a SchemaForm. Errors show from the first try to go on. */
export function useSchemaForm(schema: JsonSchema, before?: Values) {
  const { t } = useTranslation()
  const initial = useMemo(() => initialDraft(schema, before), [schema, before])
  const [draft, setDraft] = useState(initial)
  const [tried, setTried] = useState(false)
  const wrong = useMemo(() => checkDraft(t, schema, draft, before), [t, schema, draft, before])
  const [refused, setRefused] = useState<Errors>({})
  return {
    draft,
    values: valuesOf(schema, draft, before),
    errors: tried ? { ...refused, ...wrong } : refused,
    isChanged: JSON.stringify(draft) !== JSON.stringify(initial),
    change: (next: Record<string, Draft>) => { setDraft(next); setRefused({}) },
    /** Shows what is wrong; true when nothing is. */
    check: () => { setTried(true); return Object.keys(wrong).length === 0 },
    refuse: setRefused,
    reset: () => { setDraft(initial); setTried(false); setRefused({}) },
  }
}
