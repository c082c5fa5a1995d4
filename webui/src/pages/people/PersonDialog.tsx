import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError, api } from '../../api/client'
import { keys } from '../../api/keys'
import type { Body, Person, Role } from '../../api/types'
import { Button } from '../../components/Button'
import { Dialog } from '../../components/Dialog'
import { ErrorNote } from '../../components/ErrorState'
import { Field, Input, Select } from '../../components/form'
import { PasswordInput, StrengthMeter } from '../../components/PasswordInput'
import { toast } from '../../components/Toast'
import { minimumLength } from '../../lib/password'

export function PersonDialog({ person, onClose }: { person: Person | undefined; onClose: () => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [name, setName] = useState(person?.name ?? '')
  const [role, setRole] = useState<Role>(person?.role ?? 'peer')
  const [password, setPassword] = useState('')
  const save = useMutation({
    mutationFn: () => person
      ? api.patch(`/api/people/${encodeURIComponent(person.id)}`, { ...(name.trim() !== person.name ? { name: name.trim() } : {}), ...(role !== person.role ? { role } : {}), ...(password ? { password } : {}) } satisfies Body<'/api/people/{id}', 'patch'>)
      : api.post('/api/people', { name: name.trim(), role, password } satisfies Body<'/api/people', 'post'>),
    onSuccess: async () => {
      // A name stands beside devices and in the menu too.
      for (const queryKey of [keys.session, keys.peers]) void client.invalidateQueries({ queryKey })
      await client.invalidateQueries({ queryKey: keys.people })
      toast(t('common.saved'))
      onClose()
    },
  })
  const fields = save.error instanceof ApiError ? save.error.fields : {}
  const ready = name.trim() !== '' && (person && !password ? true : password.length >= minimumLength)
  return (
    <Dialog open onClose={onClose} title={person ? t('people.editTitle', { name: person.name }) : t('people.add')} testid="person-dialog" footer={
      <>
        <Button onClick={onClose}>{t('common.cancel')}</Button>
        <Button variant="primary" busy={save.isPending} disabled={!ready} onClick={() => save.mutate()} data-testid="person-save">{t(person ? 'common.save' : 'people.add')}</Button>
      </>
    }>
      <form className="flex flex-col gap-4" onSubmit={(e) => { e.preventDefault(); if (ready) save.mutate() }}>
        <Field label={t('login.name')} error={fields.name}><Input value={name} onChange={(e) => setName(e.target.value)} autoComplete="off" autoCapitalize="none" data-testid="person-name" /></Field>
        <Field label={t('people.role')} hint={t(`role.${role}Hint`)} error={fields.role}>
          <Select value={role} onChange={(e) => setRole(e.target.value === 'admin' ? 'admin' : 'peer')} data-testid="person-role">
            <option value="peer">{t('role.peer')}</option>
            <option value="admin">{t('role.admin')}</option>
          </Select>
        </Field>
        <Field label={t(person ? 'people.newPassword' : 'login.password')} hint={person ? t('people.newPasswordHint') : t('strength.tooShort', { count: minimumLength })} error={fields.password}>
          <PasswordInput value={password} onChange={(e) => setPassword(e.target.value)} autoComplete="new-password" data-testid="person-password" />
        </Field>
        {password && <StrengthMeter password={password} related={[name]} />}
        {save.isError && <ErrorNote error={save.error} fields={['name', 'role', 'password']} />}
        <button type="submit" hidden aria-hidden tabIndex={-1} />
      </form>
    </Dialog>
  )
}
