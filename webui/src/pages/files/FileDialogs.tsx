import { useTranslation } from 'react-i18next'
import { ConfirmDialog } from '../../components/ConfirmDialog'
import { toast } from '../../components/Toast'
import type { FilesApi, Item } from './api'
import type { FileAct } from './FileTable'
import { MoveDialog } from './MoveDialog'
import { NameDialog } from './NameDialog'
import { join, parentOf } from './paths'
import { PreviewDialog } from './PreviewDialog'
import { ShareDialog } from './ShareDialog'

export type FileDialog = { name: 'folder' } | { name: 'delete'; items: Item[] } | { name: Exclude<FileAct, 'delete'>; item: Item }
interface Props { api: FilesApi; folder: string; dialog: FileDialog; onDone: () => Promise<unknown>; onClose: () => void }

export function FileDialogs({ api, folder, dialog: d, onDone, onClose }: Props) {
  const { t } = useTranslation()
  const after = async (act: Promise<unknown>) => { await act; await onDone() }
  switch (d.name) {
    case 'folder': return <NameDialog title={t('files.newFolder')} act={t('files.newFolder')} onSave={(name) => after(api.makeFolder(join(folder, name)))} onClose={onClose} />
    case 'rename': return <NameDialog title={t('files.renameTitle', { name: d.item.name })} act={t('files.rename')} before={d.item.name} onSave={(name) => after(api.move(d.item.path, join(parentOf(d.item.path), name)))} onClose={onClose} />
    case 'move': return <MoveDialog api={api} item={d.item} onMove={(to) => after(api.move(d.item.path, join(to, d.item.name)))} onClose={onClose} />
    case 'share': return <ShareDialog api={api} item={d.item} onClose={onClose} />
    case 'preview': return <PreviewDialog api={api} item={d.item} onClose={onClose} />
    case 'delete': return <DeleteDialog api={api} items={d.items} onDone={onDone} onClose={onClose} />
  }
}

function DeleteDialog({ api, items, onDone, onClose }: { api: FilesApi; items: Item[]; onDone: () => Promise<unknown>; onClose: () => void }) {
  const { t } = useTranslation()
  const folders = items.filter((i) => i.kind === 'folder').length
  const remove = async () => {
    const { deleted, failed } = await api.remove(items.map((i) => i.path))
    await onDone()
    const first = failed[0]
    if (first) throw new Error(t('files.notDeleted', { count: failed.length, path: first.path, why: first.detail }))
    toast(t('files.deleted', { count: deleted }))
  }
  return (
    <ConfirmDialog title={t('files.deleteTitle', { count: items.length })} act={t('files.deleteCount', { count: items.length })} onConfirm={remove} onClose={onClose} testid="file-delete-dialog">
      <ul className="mb-2 max-h-40 overflow-y-auto" tabIndex={0} aria-label={t('files.title')}>{items.map((i) => <li key={i.path} className="font-medium break-all">{i.name}</li>)}</ul>
      {t(folders > 0 ? 'files.deleteFolders' : 'files.deleteText')}
    </ConfirmDialog>
  )
}
