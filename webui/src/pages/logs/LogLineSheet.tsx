import { Search } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { LogItem } from '../../api/types'
import { Button } from '../../components/Button'
import { CopyButton } from '../../components/Copyable'
import { Sheet } from '../../components/Dialog'
import { Facts } from '../../components/layout'
import { StatusBadge } from '../../components/StatusBadge'
import { exact } from '../../lib/format'
import { levelTone } from './line'

/** One line with its fields; its request or job leads to the other lines of the same. */
export function LogLineSheet({ line, onClose, onSearch }: { line: LogItem; onClose: () => void; onSearch: (text: string) => void }) {
  const { t } = useTranslation()
  const related = (id: string) => <span className="flex flex-wrap items-center gap-2"><code className="font-mono text-xs break-all">{id}</code><Button icon={Search} className="!min-h-8" onClick={() => onSearch(id)}>{t('logs.related')}</Button></span>
  return (
    <Sheet open wide onClose={onClose} title={t('logs.line')} testid="log-line">
      <div className="flex flex-col gap-4">
        <p className="font-mono text-sm break-words">{line.message}</p>
        <Facts items={[
          { label: t('logs.time'), value: exact(line.t) },
          { label: t('logs.level'), value: <StatusBadge tone={levelTone(line.level)}>{line.level}</StatusBadge> },
          { label: t('logs.service'), value: line.service },
          ...(line.request_id ? [{ label: t('logs.request'), value: related(line.request_id) }] : []),
          ...(line.job_id ? [{ label: t('logs.job'), value: related(line.job_id) }] : []),
          ...Object.entries(line.fields ?? {}).map(([label, v]) => ({ label, value: <code className="font-mono text-xs break-all">{typeof v === 'string' ? v : JSON.stringify(v)}</code> })),
        ]} />
        <details className="text-xs">
          <summary className="cursor-pointer text-muted">{t('logs.raw')}</summary>
          <div className="mt-1 flex rounded bg-sunken p-2"><pre className="min-w-0 flex-1 overflow-auto font-mono" tabIndex={0}>{JSON.stringify(line, null, 2)}</pre><CopyButton value={JSON.stringify(line)} /></div>
        </details>
      </div>
    </Sheet>
  )
}
