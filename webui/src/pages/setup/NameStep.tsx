import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Field, Input } from '../../components/form'
import { Card } from '../../components/layout'
import { StepFooter } from './StepFooter'
import { cellNamePattern, useWizard } from './state'

/** The name, and with it the addresses: the cell's own domain with its own certificate authority. */
export function NameStep() {
  const { t } = useTranslation()
  const { answers, set, next, back } = useWizard()
  const [tried, setTried] = useState(false)
  const good = cellNamePattern.test(answers.cellName)
  return (
    <form className="flex flex-col gap-5" onSubmit={(e) => { e.preventDefault(); setTried(true); if (good) next() }}>
      <p>{t('setup.nameLead')}</p>
      <Field label={t('setup.cellName')} hint={t('setup.cellNameHint')} error={tried && !good ? t('setup.cellNameBad') : undefined}>
        <Input value={answers.cellName} onChange={(e) => set({ cellName: e.target.value.toLowerCase() })} autoCapitalize="none" spellCheck={false} autoComplete="off" data-testid="setup-cell-name" />
      </Field>
      <Card>
        <h2 className="text-sm font-semibold">{t('setup.domainLocal')}</h2>
        <p className="mt-1 text-sm">{t('setup.domainLocalText')}</p>
        <p className="mt-2 font-mono text-sm" data-testid="setup-address">https://{good ? answers.cellName : '…'}.cell</p>
      </Card>
      <StepFooter onBack={back} />
    </form>
  )
}
