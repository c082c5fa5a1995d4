import { Download, EllipsisVertical, Eye, File as FileIcon, FileImage, FileMusic, FileText, FileVideo, Folder, FolderInput, Link2, Pencil, Trash2, type LucideIcon } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import { IconButton } from '../../components/Button'
import { DataTable, type DataColumn } from '../../components/DataTable'
import { Menu, MenuItem, MenuLine } from '../../components/Menu'
import { Ago } from '../../components/Time'
import { bytes } from '../../lib/format'
import { useStable } from '../../lib/stable'
import type { FilesApi, Item } from './api'
import { folderLink } from './Crumbs'
import { lookOf } from './paths'

export type FileAct = 'preview' | 'rename' | 'move' | 'share' | 'delete'
interface Props { api: FilesApi; items: readonly Item[]; chosen: ReadonlySet<string>; shares: boolean; onChosen: (paths: ReadonlySet<string>) => void; onAct: (act: FileAct, item: Item) => void }

const icons: Record<string, LucideIcon> = { image: FileImage, audio: FileMusic, video: FileVideo, text: FileText }
const iconOf = (i: Item) => (i.kind === 'folder' ? Folder : (icons[i.type?.split('/')[0] ?? ''] ?? FileIcon))
/** Folders stay above files, whichever way names are sorted. */
const rank = (i: Item) => `${i.kind === 'folder' ? 0 : 1} ${i.name}`

export function FileTable({ api, items, chosen, shares, onChosen, onAct }: Props) {
  const { t } = useTranslation()
  const act = useStable(onAct)
  const toggle = useStable((path: string, on: boolean) => { const next = new Set(chosen); if (on) next.add(path); else next.delete(path); onChosen(next) })
  const columns = useMemo<DataColumn<Item>[]>(() => [
    { key: 'choose', label: t('files.choose'), hideLabel: true, className: 'w-10', cell: (i) => <input type="checkbox" className="size-5 align-middle accent-accent" aria-label={t('files.chooseName', { name: i.name })} checked={chosen.has(i.path)} onChange={(e) => toggle(i.path, e.target.checked)} data-testid={`file-choose-${i.name}`} /> },
    { key: 'name', label: t('login.name'), sort: rank, cell: (i) => <Name item={i} onOpen={() => act('preview', i)} href={api.contentUrl(i.path, true)} view={api.contentUrl(i.path, false)} /> },
    { key: 'size', label: t('store.size'), wide: true, className: 'w-28 whitespace-nowrap', sort: (i) => i.size, cell: (i) => (i.kind === 'folder' ? '—' : bytes(i.size)) },
    { key: 'modified', label: t('files.modified'), wide: true, className: 'w-40 whitespace-nowrap', sort: (i) => i.modified, cell: (i) => <Ago at={i.modified} /> },
    { key: 'act', label: t('common.actions'), hideLabel: true, className: 'w-12 text-right', cell: (i) => <Acts item={i} shares={shares} onAct={act} href={api.contentUrl(i.path, true)} view={api.contentUrl(i.path, false)} /> },
  ], [t, api, chosen, shares, act, toggle])
  return <DataTable label={t('files.title')} columns={columns} rows={items} rowKey={(i) => i.path} first={{ key: 'name', down: false }} testid="files-table" />
}

/** PDF opens in a tab of its own: phones show it nowhere else, and pages of the cell hold no foreign documents. */
function Name({ item: i, href, view, onOpen }: { item: Item; href: string; view: string; onOpen: () => void }) {
  const Icon = iconOf(i)
  const inside = <><Icon size={17} className={i.kind === 'folder' ? 'text-accent' : 'text-muted'} aria-hidden /><span className="min-w-0 truncate" title={i.name}>{i.name}</span></>
  const look = 'flex max-w-[min(60vw,40rem)] min-w-0 items-center gap-2 py-1 text-left hover:underline'
  const testid = `file-${i.name}`
  if (i.kind === 'folder') return <Link to={folderLink(i.path)} className={`${look} font-medium`} data-testid={testid}>{inside}</Link>
  if (lookOf(i) === 'pdf') return <a href={view} target="_blank" rel="noopener noreferrer" className={look} data-testid={testid}>{inside}</a>
  if (lookOf(i)) return <button type="button" onClick={onOpen} className={look} data-testid={testid}>{inside}</button>
  return <a href={href} download={i.name} className={look} data-testid={testid}>{inside}</a>
}

function Acts({ item: i, shares, href, view, onAct }: { item: Item; shares: boolean; href: string; view: string; onAct: (act: FileAct, item: Item) => void }) {
  const { t } = useTranslation()
  const save = () => { const a = document.createElement('a'); a.href = href; a.download = i.name; a.click() }
  return (
    <Menu trigger={<IconButton icon={EllipsisVertical} label={t('peers.menu', { name: i.name })} data-testid={`file-menu-${i.name}`} />}>
      {i.kind === 'file' && lookOf(i) && <MenuItem icon={Eye} testid="file-preview" onSelect={() => (lookOf(i) === 'pdf' ? window.open(view, '_blank', 'noopener,noreferrer') : onAct('preview', i))}>{t('files.look')}</MenuItem>}
      {i.kind === 'file' && <MenuItem icon={Download} testid="file-download" onSelect={save}>{t('files.download')}</MenuItem>}
      <MenuItem icon={Pencil} testid="file-rename" onSelect={() => onAct('rename', i)}>{t('files.rename')}</MenuItem>
      <MenuItem icon={FolderInput} testid="file-move" onSelect={() => onAct('move', i)}>{t('files.move')}</MenuItem>
      {shares && <MenuItem icon={Link2} testid="file-share" onSelect={() => onAct('share', i)}>{t('files.share')}</MenuItem>}
      <MenuLine />
      <MenuItem icon={Trash2} danger testid="file-delete" onSelect={() => onAct('delete', i)}>{t('files.delete')}</MenuItem>
    </Menu>
  )
}
