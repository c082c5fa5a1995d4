import { useMutation } from '@tanstack/react-query'
import { CornerLeftUp, Folder } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../components/Button'
import { Dialog } from '../../components/Dialog'
import { ErrorNote } from '../../components/ErrorState'
import { QueryState } from '../../components/QueryState'
import type { FilesApi, Item } from './api'
import { parentOf } from './paths'
import { useFolder } from './queries'

/** Goes through the folders to the one that it is moved to. */
export function MoveDialog({ api, item, onMove, onClose }: { api: FilesApi; item: Item; onMove: (folder: string) => Promise<unknown>; onClose: () => void }) {
  const { t } = useTranslation()
  const [at, setAt] = useState(parentOf(item.path))
  const folder = useFolder(api, at)
  const move = useMutation({ mutationFn: () => onMove(at), onSuccess: onClose })
  const row = 'flex min-h-10 w-full items-center gap-2 rounded px-2 text-left text-sm hover:bg-sunken'
  return (
    <Dialog open onClose={onClose} title={t('files.moveTitle', { name: item.name })} testid="move-dialog" footer={
      <>
        <Button onClick={onClose}>{t('common.cancel')}</Button>
        <Button variant="primary" disabled={at === parentOf(item.path)} busy={move.isPending} onClick={() => move.mutate()} data-testid="move-act">{t('files.moveHere')}</Button>
      </>
    }>
      <div className="flex flex-col gap-3">
        <p className="text-sm break-all">{t('files.moveTo')} <span className="font-semibold" data-testid="move-at">{at}</span></p>
        {move.isError && <ErrorNote error={move.error} />}
        <QueryState query={folder}>
          {(items) => (
            <ul className="max-h-72 overflow-y-auto rounded-md border border-line p-1" aria-label={t('files.folders')}>
              {at !== '/' && <li><button type="button" className={row} onClick={() => setAt(parentOf(at))} data-testid="move-up"><CornerLeftUp size={16} aria-hidden />{t('files.up')}</button></li>}
              {items.filter((i) => i.kind === 'folder' && i.path !== item.path).map((i) => (
                <li key={i.path}><button type="button" className={row} onClick={() => setAt(i.path)} data-testid={`move-into-${i.name}`}><Folder size={16} className="text-accent" aria-hidden /><span className="min-w-0 truncate">{i.name}</span></button></li>
              ))}
              {at === '/' && !items.some((i) => i.kind === 'folder' && i.path !== item.path) && <li className="px-2 py-2 text-sm text-muted">{t('files.noFolders')}</li>}
            </ul>
          )}
        </QueryState>
      </div>
    </Dialog>
  )
}
