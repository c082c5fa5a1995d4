import { useQueryClient } from '@tanstack/react-query'
import { CircleUser, KeyRound, LogOut } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router-dom'
import { api } from '../api/client'
import { changePerson } from '../api/queries'
import { IconButton } from '../components/Button'
import { Menu, MenuItem, MenuLine, MenuRadio } from '../components/Menu'
import { toastError } from '../components/Toast'
import { languages, setLanguage, type Language } from '../i18n'
import { applyTheme, useTheme, type Theme } from '../lib/browser'

export function useLogout() {
  const client = useQueryClient()
  return async () => {
    try {
      await api.post('/api/auth/logout', undefined, { quiet401: true })
    } catch (error) {
      return toastError(error)
    }
    changePerson(client, null)
  }
}

export function PersonMenu({ name }: { name: string }) {
  const { t, i18n } = useTranslation()
  const navigate = useNavigate()
  const logout = useLogout()
  const themes: { value: Theme; label: string }[] = [{ value: 'auto', label: t('theme.auto') }, { value: 'light', label: t('theme.light') }, { value: 'dark', label: t('theme.dark') }]
  return (
    <Menu trigger={<IconButton icon={CircleUser} label={t('frame.person', { name })} data-testid="person-menu" />}>
      <div className="px-2.5 py-1.5 text-sm font-semibold">{name}</div>
      <MenuItem icon={KeyRound} onSelect={() => navigate('/settings/account')}>{t('frame.account')}</MenuItem>
      <MenuLine />
      <MenuRadio label={t('theme.label')} value={useTheme()} options={themes} onChange={applyTheme} />
      <MenuLine />
      <MenuRadio label={t('language.label')} value={i18n.language as Language} options={(Object.keys(languages) as Language[]).map((value) => ({ value, label: languages[value] }))} onChange={(v) => void setLanguage(v)} />
      <MenuLine />
      <MenuItem icon={LogOut} testid="logout" onSelect={() => void logout()}>{t('frame.logout')}</MenuItem>
    </Menu>
  )
}
