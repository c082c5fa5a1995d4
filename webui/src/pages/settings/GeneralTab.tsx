import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useForm } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { ApiError, api } from '../../api/client'
import { keys } from '../../api/keys'
import type { Settings, SettingsPatch } from '../../api/types'
import { Button } from '../../components/Button'
import { ErrorNote } from '../../components/ErrorState'
import { Field, Input } from '../../components/form'
import { Card, Facts, Section } from '../../components/layout'
import { QueryState } from '../../components/QueryState'
import { toast } from '../../components/Toast'

export function GeneralTab() {
  const { t } = useTranslation()
  const settings = useQuery({ queryKey: keys.settings, queryFn: () => api.get<Settings>('/api/settings') })
  return (
    <Section title={t('settings.general')}>
      <QueryState query={settings}>{(data) => <Card className="flex max-w-2xl flex-col gap-5"><GeneralForm settings={data} /></Card>}</QueryState>
    </Section>
  )
}

interface Values { timezone: string; endpoint_host: string }

function GeneralForm({ settings }: { settings: Settings }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const form = useForm<Values>({ values: { timezone: settings.timezone, endpoint_host: settings.endpoint_host }, resetOptions: { keepDirtyValues: true } })
  const save = useMutation({
    // Only what was changed is sent.
    mutationFn: (v: Values) => {
      const patch: SettingsPatch = {}
      if (v.timezone !== settings.timezone) patch.timezone = v.timezone
      if (v.endpoint_host !== settings.endpoint_host) patch.endpoint_host = v.endpoint_host.trim()
      return api.patch<Settings>('/api/settings', patch, { ifMatch: settings.revision })
    },
    onSuccess: (next) => {
      client.setQueryData(keys.settings, next)
      form.reset({ timezone: next.timezone, endpoint_host: next.endpoint_host })
      toast(t('common.saved'))
    },
    onError: (e) => { if (e instanceof ApiError && e.status === 412) void client.invalidateQueries({ queryKey: keys.settings }) },
  })
  const fields = save.error instanceof ApiError ? save.error.fields : {}
  const zones = typeof Intl.supportedValuesOf === 'function' ? Intl.supportedValuesOf('timeZone') : []
  return (
    <>
      <Facts items={[
        { label: t('setup.cellName'), value: settings.cell_name },
        { label: t('settings.domain'), value: `${settings.domain.name} · ${t(`settings.mode.${settings.domain.mode}`, { defaultValue: settings.domain.mode })}` },
      ]} />
      <form className="flex flex-col gap-4" onSubmit={(e) => void form.handleSubmit((v) => save.mutate(v))(e)}>
        <Field label={t('setup.timezone')} error={fields.timezone}>
          <Input {...form.register('timezone')} list="zones" autoComplete="off" data-testid="settings-timezone" />
        </Field>
        <datalist id="zones">{zones.map((z) => <option key={z} value={z} />)}</datalist>
        <Field label={t('setup.endpoint')} hint={t('wg.endpointHint')} error={fields.endpoint_host}>
          <Input {...form.register('endpoint_host')} autoCapitalize="none" spellCheck={false} data-testid="settings-endpoint" />
        </Field>
        {save.isError && <ErrorNote error={save.error} fields={['timezone', 'endpoint_host']} />}
        <div><Button type="submit" variant="primary" disabled={!form.formState.isDirty} busy={save.isPending} data-testid="settings-save">{t('common.save')}</Button></div>
      </form>
    </>
  )
}
