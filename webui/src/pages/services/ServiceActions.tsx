import { useMutation, useQueryClient } from '@tanstack/react-query'
import { EllipsisVertical, FolderOpen, Play, RotateCw, Square, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router-dom'
import { api } from '../../api/client'
import { keys } from '../../api/keys'
import type { Begun, Service } from '../../api/types'
import { Button, IconButton, LinkButton } from '../../components/Button'
import { ConfirmDialog } from '../../components/ConfirmDialog'
import { Menu, MenuItem, MenuLine } from '../../components/Menu'
import { toastError } from '../../components/Toast'
import { startedHere } from '../../lib/jobs'
import { OpenButton } from './OpenButton'
import { isWebAddress, servicePath } from './state'

type Act = 'start' | 'stop' | 'restart'

/** Open, start, and the rest behind a menu. */
export function ServiceActions({ service: s, admin }: { service: Service; admin: boolean }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [, setParams] = useSearchParams()
  const [ask, setAsk] = useState<Act>()
  const run = useMutation({
    mutationFn: (act: Act) => api.post<Begun>(`${servicePath(s.id)}/${act}`),
    onSuccess: (begun) => {
      startedHere.add(begun.job_id)
      for (const queryKey of [keys.jobs, keys.services]) void client.invalidateQueries({ queryKey })
    },
  })
  const isOff = s.state === 'stopped' || s.state === 'failed'
  return (
    <>
      {s.id === 'files' && s.address && !isOff && <LinkButton to="/files" variant="primary" icon={FolderOpen} data-testid="service-files">{t('files.browse')}</LinkButton>}
      {s.id !== 'files' && isWebAddress(s.address) && !isOff && <OpenButton primary href={s.address} testid="service-open">{t('store.open')}</OpenButton>}
      {admin && isOff && <Button variant="primary" icon={Play} busy={run.isPending} onClick={() => run.mutate('start', { onError: toastError })} data-testid="service-start">{t('service.start')}</Button>}
      {admin && (
        <Menu trigger={<IconButton icon={EllipsisVertical} variant="secondary" label={t('service.menu', { name: s.name })} data-testid="service-menu" />}>
          {s.state !== 'stopped' && <MenuItem icon={RotateCw} testid="service-restart" onSelect={() => setAsk('restart')}>{t('containers.restart')}</MenuItem>}
          {s.state !== 'stopped' && <MenuItem icon={Square} testid="service-stop" onSelect={() => setAsk('stop')}>{t('containers.stop')}</MenuItem>}
          {s.state !== 'stopped' && <MenuLine />}
          <MenuItem icon={Trash2} danger testid="service-remove" onSelect={() => setParams((old) => { const next = new URLSearchParams(old); next.set('dialog', 'remove'); return next })}>{t('service.remove')}</MenuItem>
        </Menu>
      )}
      {ask && (
        <ConfirmDialog title={t(`containers.${ask}Title`, { name: s.name })} act={t(`containers.${ask}`)} danger={ask === 'stop'} onClose={() => setAsk(undefined)} onConfirm={() => run.mutateAsync(ask)}>
          {t(ask === 'stop' ? 'service.stopText' : 'containers.restartText')}
        </ConfirmDialog>
      )}
    </>
  )
}
