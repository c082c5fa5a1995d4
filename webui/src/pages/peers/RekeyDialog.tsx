import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keys } from '../../api/keys'
import type { Peer } from '../../api/types'
import { Button } from '../../components/Button'
import { Dialog } from '../../components/Dialog'
import { ErrorNote } from '../../components/ErrorState'
import { Field, Select } from '../../components/form'
import { rekeyDevice, type KeyOrigin } from '../../lib/device'
import { ConnectPanel } from './ConnectPanel'

export function RekeyDialog({ peer, onClose }: { peer: Peer; onClose: () => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [origin, setOrigin] = useState<KeyOrigin>('browser')
  const rekey = useMutation({
    mutationFn: () => rekeyDevice(peer.id, origin),
    onSuccess: (done) => {
      client.setQueryData(keys.peer(peer.id), done.peer)
      client.setQueryData<Peer[]>(keys.peers, (old) => old?.map((p) => (p.id === peer.id ? done.peer : p)))
    },
  })
  const footer = rekey.data
    ? <Button variant="primary" onClick={onClose}>{t('common.done')}</Button>
    : <><Button onClick={onClose}>{t('common.cancel')}</Button><Button variant="danger" busy={rekey.isPending} onClick={() => rekey.mutate()} data-testid="rekey-act">{t('peers.rekey')}</Button></>
  return (
    <Dialog open wide keep={rekey.data !== undefined} onClose={onClose} title={t('rekey.title', { name: peer.name })} testid="rekey-dialog" footer={footer}>
      {rekey.data ? <ConnectPanel peer={rekey.data.peer} config={rekey.data.config} keyOrigin={origin} /> : (
        <div className="flex flex-col gap-4 text-sm">
          <p>{t('rekey.text')}</p>
          <Field label={t('add.key')} hint={t(origin === 'browser' ? 'connect.keyBrowser' : 'connect.keyServer')}>
            <Select value={origin} onChange={(e) => setOrigin(e.target.value === 'server' ? 'server' : 'browser')}>
              <option value="browser">{t('add.keyBrowser')}</option>
              <option value="server">{t('add.keyServer')}</option>
            </Select>
          </Field>
          {rekey.isError && <ErrorNote error={rekey.error} />}
        </div>
      )}
    </Dialog>
  )
}
