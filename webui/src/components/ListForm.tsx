import { useMutation } from '@tanstack/react-query'
import { Plus, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, IconButton } from './Button'
import { ErrorNote } from './ErrorState'
import { Input } from './form'
import { toast } from './Toast'

/** A short list of addresses or names, edited in place and saved as a whole. */
export function ListForm({ label, values, placeholder, onSave, testid }: { label: string; values: string[]; placeholder: string; onSave: (values: string[]) => Promise<unknown>; testid: string }) {
  const { t } = useTranslation()
  const [draft, setDraft] = useState<string[]>()
  const rows = draft ?? values
  const save = useMutation({
    mutationFn: () => onSave(rows.map((r) => r.trim()).filter(Boolean)),
    onSuccess: () => { setDraft(undefined); toast(t('common.saved')) },
  })
  return (
    <form className="flex flex-col gap-2" onSubmit={(e) => { e.preventDefault(); save.mutate() }} data-testid={testid}>
      {rows.map((value, i) => (
        <div key={i} className="flex max-w-md items-center gap-1">
          <Input value={value} aria-label={`${label} ${i + 1}`} placeholder={placeholder} autoCapitalize="none" spellCheck={false} className="font-mono" data-testid={`${testid}-${i}`}
            onChange={(e) => setDraft(rows.map((r, n) => (n === i ? e.target.value : r)))} />
          <IconButton icon={X} label={t('common.remove', { name: value })} onClick={() => setDraft(rows.filter((_, n) => n !== i))} />
        </div>
      ))}
      {save.isError && <ErrorNote error={save.error} />}
      <div className="flex flex-wrap gap-2">
        <Button icon={Plus} onClick={() => setDraft([...rows, ''])} data-testid={`${testid}-add`}>{t('common.add')}</Button>
        {draft && <Button type="submit" variant="primary" busy={save.isPending} data-testid={`${testid}-save`}>{t('common.save')}</Button>}
        {draft && <Button variant="ghost" onClick={() => { setDraft(undefined); save.reset() }}>{t('common.cancel')}</Button>}
      </div>
    </form>
  )
}
