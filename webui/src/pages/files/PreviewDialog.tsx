import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Button, buttonClass } from '../../components/Button'
import { Dialog } from '../../components/Dialog'
import { QueryState } from '../../components/QueryState'
import { bytes } from '../../lib/format'
import type { FilesApi, Item } from './api'
import { lookOf, type Look } from './paths'

/** A look at a file. The service sends it so that nothing in it can run. */
export function PreviewDialog({ api, item, onClose }: { api: FilesApi; item: Item; onClose: () => void }) {
  const { t } = useTranslation()
  const look = lookOf(item)
  // Pictures can't say why they did not come, nor be let in: this asks first.
  const there = useQuery({ queryKey: ['files', 'item', item.path], queryFn: () => api.item(item.path), gcTime: 0 })
  return (
    <Dialog open wide onClose={onClose} title={item.name} description={bytes(item.size)} testid="preview-dialog" footer={
      <>
        <Button onClick={onClose}>{t('common.close')}</Button>
        <a href={api.contentUrl(item.path, true)} download={item.name} className={buttonClass('primary')} data-testid="preview-download">{t('files.download')}</a>
      </>
    }>
      {look && look !== 'pdf' && <QueryState query={there}>{() => <Content look={look} api={api} item={item} />}</QueryState>}
    </Dialog>
  )
}

function Content({ look, api, item }: { look: Exclude<Look, 'pdf'>; api: FilesApi; item: Item }) {
  const url = api.contentUrl(item.path, false)
  switch (look) {
    case 'image': return <img src={url} alt={item.name} className="mx-auto max-h-[65dvh] max-w-full object-contain" data-testid="preview-image" />
    case 'audio': return <audio src={url} controls className="w-full" aria-label={item.name} />
    case 'video': return <video src={url} controls className="max-h-[65dvh] w-full" aria-label={item.name} />
    case 'text': return <Text api={api} item={item} />
  }
}

function Text({ api, item }: { api: FilesApi; item: Item }) {
  const text = useQuery({ queryKey: ['files', 'text', item.path, item.etag], queryFn: () => api.text(item.path) })
  return <QueryState query={text}>{(data) => <pre className="max-h-[65dvh] overflow-auto rounded-md bg-sunken p-3 font-mono text-xs whitespace-pre-wrap" tabIndex={0} data-testid="preview-text">{data}</pre>}</QueryState>
}
