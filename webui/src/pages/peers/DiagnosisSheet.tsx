import { useQuery } from '@tanstack/react-query'
import { RotateCw } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import type { Diagnosis, Peer } from '../../api/types'
import { Button } from '../../components/Button'
import { Sheet } from '../../components/Dialog'
import { QueryState } from '../../components/QueryState'
import { StatusBadge } from '../../components/StatusBadge'
import { sentence } from '../../lib/format'

const tones = { ok: 'ok', problem: 'problem', unknown: 'neutral' } as const

/** "Can't connect?": handshake, port, route, names, with what was seen at each. */
export function DiagnosisSheet({ peer, onClose }: { peer: Peer; onClose: () => void }) {
  const { t } = useTranslation()
  const query = useQuery({ queryKey: ['diagnosis', peer.id], queryFn: () => api.get<Diagnosis>(`/api/peers/${encodeURIComponent(peer.id)}/diagnosis`), gcTime: 0 })
  return (
    <Sheet open onClose={onClose} title={t('diagnosis.title', { name: peer.name })} testid="diagnosis-sheet"
      footer={<Button icon={RotateCw} busy={query.isFetching} onClick={() => void query.refetch()}>{t('diagnosis.again')}</Button>}>
      <QueryState query={query}>
        {(data) => (
          <ol className="flex flex-col gap-4">
            {data.steps.map((s) => (
              <li key={s.id} className="flex flex-col gap-1 text-sm" data-testid={`diagnosis-${s.id}`} data-state={s.state}>
                <div className="flex items-center gap-2"><span className="flex-1 font-medium">{t(`diagnosis.${s.id}`)}</span><StatusBadge tone={tones[s.state]}>{t(`diagnosis.state.${s.state}`)}</StatusBadge></div>
                <p className="text-muted">{sentence(s.detail)}</p>
                {s.fix && <p>{t('job.fix', { text: s.fix })}</p>}
              </li>
            ))}
          </ol>
        )}
      </QueryState>
    </Sheet>
  )
}
