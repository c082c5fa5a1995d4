import { useMutation, useQuery } from '@tanstack/react-query'
import { Copy, Download, KeyRound } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router-dom'
import { ApiError, api } from '../api/client'
import type { Body, EnrolInfo, Enrolled } from '../api/types'
import { Button } from '../components/Button'
import { ErrorNote } from '../components/ErrorState'
import { Card, EmptyState } from '../components/layout'
import { PlainPage } from '../components/PlainPage'
import { QrCode } from '../components/QrCode'
import { QueryState } from '../components/QueryState'
import { Ago } from '../components/Time'
import { toast, toastError } from '../components/Toast'
import { confName, copyText, downloadText } from '../lib/browser'
import { fillPrivateKey, makeKeyPair } from '../lib/keys'

async function enrol(path: string, keyNeeded: boolean): Promise<string> {
  const pair = keyNeeded ? await makeKeyPair() : undefined
  const { config } = await api.post<Enrolled>(path, (pair ? { public_key: pair.publicKey } : {}) satisfies Body<'/api/enrol/{token}', 'post'>)
  return pair ? fillPrivateKey(config, pair.privateKey) : config
}

/** Where a one-time link leads. Looking uses nothing up; the button does. */
export function Component() {
  const { t } = useTranslation()
  const path = `/api/enrol/${encodeURIComponent(useParams().token ?? '')}`
  const info = useQuery({ queryKey: ['enrol', path], queryFn: () => api.get<EnrolInfo>(path, { quiet401: true }), retry: false, staleTime: Infinity, refetchOnWindowFocus: false })
  const take = useMutation({ mutationFn: (keyNeeded: boolean) => enrol(path, keyNeeded) })
  if (info.error instanceof ApiError && [404, 410].includes(info.error.status)) {
    return <PlainPage title={t('enrol.title')}><h1 className="text-xl font-semibold">{t('enrol.title')}</h1><EmptyState icon={KeyRound} title={t('enrol.gone')}>{t('enrol.goneText')}</EmptyState></PlainPage>
  }
  return (
    <PlainPage title={t('enrol.title')} wide>
      <QueryState query={info}>
        {(i) => (
          <>
            <h1 className="text-xl font-semibold">{t('enrol.heading', { device: i.peer_name, cell: i.cell_name })}</h1>
            {take.data === undefined ? (
              <Card className="flex flex-col items-start gap-4">
                <p>{t('enrol.text')} <Ago at={i.expires_at} /></p>
                {take.isError && <ErrorNote error={take.error} />}
                <Button variant="primary" icon={KeyRound} busy={take.isPending} onClick={() => take.mutate(i.key_needed)} data-testid="enrol-take">{t('enrol.take')}</Button>
              </Card>
            ) : (
              <Card className="flex flex-col items-start gap-4" data-testid="enrol-config">
                <p>{t('enrol.here')}</p>
                <div className="flex flex-wrap gap-2">
                  <Button variant="primary" icon={Download} onClick={() => downloadText(confName(i.peer_name), take.data)} data-testid="device-config-download">{t('connect.download')}</Button>
                  <Button icon={Copy} onClick={() => void copyText(take.data).then(() => toast(t('common.copied')), toastError)}>{t('connect.copy')}</Button>
                </div>
                <QrCode text={take.data} />
                <p className="text-xs text-muted">{t('enrol.once')}</p>
              </Card>
            )}
          </>
        )}
      </QueryState>
    </PlainPage>
  )
}
