import { useMutation, useQueryClient } from '@tanstack/react-query'
import { EllipsisVertical, Play, RotateCw, ScrollText, Square } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import { keys } from '../../api/keys'
import type { Begun, Container } from '../../api/types'
import { IconButton } from '../../components/Button'
import { ConfirmDialog } from '../../components/ConfirmDialog'
import { Menu, MenuItem } from '../../components/Menu'
import { toastError } from '../../components/Toast'
import { startedHere } from '../../lib/jobs'

type Act = 'start' | 'stop' | 'restart'

export function ContainerMenu({ container: c, onLogs }: { container: Container; onLogs: () => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [ask, setAsk] = useState<Act>()
  const run = useMutation({
    mutationFn: (act: Act) => api.post<Begun>(`/api/containers/${encodeURIComponent(c.name)}/${act}`),
    onSuccess: (answer) => {
      startedHere.add(answer.job_id)
      void client.invalidateQueries({ queryKey: keys.jobs })
      void client.invalidateQueries({ queryKey: keys.containers })
    },
  })
  const start = () => run.mutate('start', { onError: toastError })
  return (
    <>
      <Menu trigger={<IconButton icon={EllipsisVertical} label={t('containers.menu', { name: c.name })} data-testid={`container-menu-${c.name}`} />}>
        <MenuItem icon={ScrollText} testid="container-logs" onSelect={onLogs}>{t('containers.logs')}</MenuItem>
        {!c.read_only && c.state !== 'running' && <MenuItem icon={Play} testid="container-start" onSelect={start}>{t('containers.start')}</MenuItem>}
        {!c.read_only && c.state === 'running' && <MenuItem icon={RotateCw} testid="container-restart" onSelect={() => setAsk('restart')}>{t('containers.restart')}</MenuItem>}
        {!c.read_only && c.state === 'running' && <MenuItem icon={Square} danger testid="container-stop" onSelect={() => setAsk('stop')}>{t('containers.stop')}</MenuItem>}
      </Menu>
      {ask && (
        <ConfirmDialog title={t(`containers.${ask}Title`, { name: c.name })} act={t(`containers.${ask}`)} danger={ask === 'stop'} onClose={() => setAsk(undefined)} onConfirm={() => run.mutateAsync(ask)}>
          {t(`containers.${ask}Text`)}
        </ConfirmDialog>
      )}
    </>
  )
}
