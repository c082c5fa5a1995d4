import { useQueryClient } from '@tanstack/react-query'
import { FolderPlus, FolderOpen, Trash2, Upload } from 'lucide-react'
import { useMemo, useRef, useState, type DragEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { keys } from '../../api/keys'
import { Button } from '../../components/Button'
import { EmptyState } from '../../components/layout'
import { QueryState } from '../../components/QueryState'
import { SearchInput } from '../../components/SearchInput'
import type { FilesApi, Item } from './api'
import { Crumbs } from './Crumbs'
import { FileDialogs, type FileDialog } from './FileDialogs'
import { FileTable } from './FileTable'
import { join } from './paths'
import { useFolder } from './queries'
import type { Uploads } from './uploads'

interface Props { api: FilesApi; uploads: Uploads; path: string; shares: boolean }

export function FolderView({ api, uploads, path, shares }: Props) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const folder = useFolder(api, path)
  const [text, setText] = useState('')
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [dialog, setDialog] = useState<FileDialog>()
  const found = useMemo(() => (folder.data ?? []).filter((i) => i.name.toLowerCase().includes(text.trim().toLowerCase())), [folder.data, text])
  // Only what is on screen can be meant.
  const picked = found.filter((i) => chosen.has(i.path))
  const renew = async () => {
    setChosen(new Set())
    await Promise.all([keys.files('list'), keys.files('me')].map((queryKey) => client.invalidateQueries({ queryKey })))
  }
  const send = (files: readonly File[]) => uploads.add(files, (f) => join(path, f.name))
  return (
    <Drop onFiles={send}>
      <div className="flex flex-wrap items-center gap-2">
        <Crumbs path={path} />
        <Picker onFiles={send} />
        <Button icon={FolderPlus} onClick={() => setDialog({ name: 'folder' })} data-testid="files-folder">{t('files.newFolder')}</Button>
        {picked.length > 0 && <Button icon={Trash2} onClick={() => setDialog({ name: 'delete', items: picked })} data-testid="files-delete">{t('files.deleteCount', { count: picked.length })}</Button>}
      </div>
      <QueryState query={folder}>
        {(items) => items.length === 0
          ? <EmptyState icon={FolderOpen} title={t('files.empty')}>{t('files.emptyText')}</EmptyState>
          : (
            <>
              <SearchInput value={text} onChange={setText} label={t('files.search')} testid="files-search" className="flex-none sm:max-w-72" />
              {found.length === 0 ? <EmptyState icon={FolderOpen} title={t('files.noMatch')} />
                : <FileTable api={api} items={found} chosen={chosen} onChosen={setChosen} shares={shares} onAct={(name, item: Item) => setDialog(name === 'delete' ? { name, items: [item] } : { name, item })} />}
            </>
          )}
      </QueryState>
      {dialog && <FileDialogs api={api} folder={path} dialog={dialog} onDone={renew} onClose={() => setDialog(undefined)} />}
    </Drop>
  )
}

function Picker({ onFiles }: { onFiles: (files: readonly File[]) => void }) {
  const { t } = useTranslation()
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <input ref={input} type="file" multiple hidden data-testid="files-input" onChange={(e) => { onFiles([...(e.target.files ?? [])]); e.target.value = '' }} />
      <Button variant="primary" icon={Upload} onClick={() => input.current?.click()} data-testid="files-upload">{t('files.uploadAct')}</Button>
    </>
  )
}

/** Files can be dropped anywhere on the list. */
function Drop({ onFiles, children }: { onFiles: (files: readonly File[]) => void; children: ReactNode }) {
  const { t } = useTranslation()
  const [over, setOver] = useState(false)
  const has = (e: DragEvent) => e.dataTransfer.types.includes('Files')
  return (
    <div className="relative flex min-h-64 flex-col gap-4"
      onDragOver={(e) => { if (has(e)) { e.preventDefault(); setOver(true) } }}
      onDragLeave={(e) => { if (!e.currentTarget.contains(e.relatedTarget as Node | null)) setOver(false) }}
      onDrop={(e) => { if (has(e)) { e.preventDefault(); setOver(false); onFiles([...e.dataTransfer.files]) } }}>
      {children}
      {over && <div className="pointer-events-none absolute inset-0 z-10 grid place-items-center rounded-lg border-2 border-dashed border-accent bg-accent-soft text-base font-medium">{t('files.drop')}</div>}
    </div>
  )
}
