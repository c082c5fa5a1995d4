import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useForm } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { ApiError, api } from '../../api/client'
import { keys } from '../../api/keys'
import type { Body, DnsRecord, DnsRecordInput, RecordType } from '../../api/types'
import { Button } from '../../components/Button'
import { Dialog } from '../../components/Dialog'
import { ErrorNote } from '../../components/ErrorState'
import { Field, Input, Select } from '../../components/form'
import { toast } from '../../components/Toast'

const examples: Record<RecordType, string> = {
  A: '192.168.1.10', AAAA: 'fd00::10', CNAME: 'other.example.org.', TXT: 'v=spf1 -all', MX: '10 mail.example.org.', SRV: '0 5 5061 sip.example.org.',
}
const types = Object.keys(examples) as RecordType[]

export function RecordDialog({ record, zone, onClose }: { record: DnsRecord | undefined; zone: string; onClose: () => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const form = useForm<DnsRecordInput>({
    defaultValues: record ? { name: record.name, type: record.type, value: record.value, ttl: record.ttl, comment: record.comment ?? '' } : { name: '', type: 'A', value: '', ttl: 300, comment: '' },
  })
  const save = useMutation({
    mutationFn: ({ comment, ...rest }: DnsRecordInput) => {
      const body = { ...rest, ...(comment || record?.comment ? { comment: comment ?? '' } : {}) } satisfies Body<'/api/network/dns/records/{id}', 'patch'>
      return record ? api.patch(`/api/network/dns/records/${encodeURIComponent(record.id)}`, body) : api.post('/api/network/dns/records', body)
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keys.records })
      toast(t('common.saved'))
      onClose()
    },
    onError: (e) => {
      if (!(e instanceof ApiError)) return
      for (const name of ['name', 'type', 'value', 'ttl', 'comment'] as const) {
        const message = e.fields[name]
        if (message) form.setError(name, { message })
      }
    },
  })
  const errors = form.formState.errors
  const required = { required: t('error.required') }
  const submit = form.handleSubmit((values) => save.mutate({ ...values, name: values.name.trim(), value: values.value.trim() }))
  return (
    <Dialog open onClose={onClose} title={t(record ? 'dns.editTitle' : 'dns.add')} testid="dns-dialog" footer={
      <>
        <Button onClick={onClose}>{t('common.cancel')}</Button>
        <Button variant="primary" busy={save.isPending} onClick={() => void submit()} data-testid="dns-save">{t(record ? 'common.save' : 'dns.add')}</Button>
      </>
    }>
      <form className="flex flex-col gap-4" onSubmit={(e) => void submit(e)} noValidate>
        <Field label={t('dns.name')} hint={t('dns.nameHint', { zone })} error={errors.name?.message}>
          <Input {...form.register('name', required)} autoFocus autoCapitalize="none" spellCheck={false} autoComplete="off" data-testid="dns-name" />
        </Field>
        <Field label={t('dns.type')} error={errors.type?.message}>
          <Select {...form.register('type')} data-testid="dns-type">{types.map((x) => <option key={x} value={x}>{x} — {t(`dns.type.${x}`)}</option>)}</Select>
        </Field>
        <Field label={t('dns.value')} error={errors.value?.message}>
          <Input {...form.register('value', required)} placeholder={examples[form.watch('type')]} autoCapitalize="none" spellCheck={false} autoComplete="off" className="font-mono" data-testid="dns-value" />
        </Field>
        <Field label={t('dns.ttlLong')} error={errors.ttl?.message}>
          <Input type="number" min={1} max={604800} {...form.register('ttl', { ...required, valueAsNumber: true })} data-testid="dns-ttl" />
        </Field>
        <Field label={t('dns.comment')} error={errors.comment?.message}>
          <Input {...form.register('comment')} autoComplete="off" data-testid="dns-comment" />
        </Field>
        {save.isError && <ErrorNote error={save.error} fields={['name', 'type', 'value', 'ttl', 'comment']} />}
        <button type="submit" hidden aria-hidden tabIndex={-1} />
      </form>
    </Dialog>
  )
}
