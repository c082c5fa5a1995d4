import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { LinkButton } from '../../components/Button'
import { ErrorState } from '../../components/ErrorState'
import { Card, Skeleton } from '../../components/layout'
import { createDevice } from '../../lib/device'
import { TrustSteps } from '../settings/TrustSteps'
import { ConnectPanel } from '../peers/ConnectPanel'
import { useWizard } from './state'

/** The first device, at once: its key is made in this browser, its QR code is on the page. */
export function DoneStep() {
  const { t } = useTranslation()
  const { answers } = useWizard()
  const name = answers.deviceName.trim()
  const create = useMutation({ mutationFn: () => createDevice({ name }, 'browser') })
  const begun = useRef(false)
  const { mutate } = create
  useEffect(() => {
    // Once, whatever renders this twice: a second device of the same name would be refused.
    if (begun.current || !name) return
    begun.current = true
    mutate()
  }, [mutate, name])
  return (
    <div className="flex flex-col gap-5">
      <p>{t('setup.doneLead', { address: `https://${answers.cellName}.cell` })}</p>
      {name && (
        <Card>
          {create.isError ? <ErrorState error={create.error} onRetry={() => mutate()} />
            : create.data ? <ConnectPanel peer={create.data.peer} config={create.data.config} keyOrigin="browser" />
              : <Skeleton rows={1} height="h-80" />}
        </Card>
      )}
      <details className="rounded-lg border border-line bg-surface p-4">
        <summary className="cursor-pointer text-sm font-medium">{t('trust.title')}</summary>
        <div className="mt-3"><TrustSteps /></div>
      </details>
      <LinkButton to="/" variant="primary" data-testid="setup-finish">{t('setup.finish')}</LinkButton>
    </div>
  )
}
