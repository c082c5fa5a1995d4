import i18n from 'i18next'
import { initReactI18next } from 'react-i18next'
import { read, write } from '../lib/browser'
import en from './en.json'

export const languages = { en: 'English', de: 'Deutsch', fr: 'Français', ru: 'Русский' } as const
export type Language = keyof typeof languages
const loaders: Record<Exclude<Language, 'en'>, () => Promise<{ default: Record<string, string> }>> = {
  de: () => import('./de.json'),
  fr: () => import('./fr.json'),
  ru: () => import('./ru.json'),
}
const isLanguage = (x: string | null | undefined): x is Language => !!x && x in languages

function preferred(): Language {
  const stored = read('cell.language')
  if (isLanguage(stored)) return stored
  for (const wish of navigator.languages ?? []) {
    const short = wish.slice(0, 2)
    if (isLanguage(short)) return short
  }
  return 'en'
}

export async function setLanguage(next: Language, remember = true) {
  if (next !== 'en' && !i18n.hasResourceBundle(next, 'translation')) {
    i18n.addResourceBundle(next, 'translation', (await loaders[next]()).default)
  }
  await i18n.changeLanguage(next)
  document.documentElement.lang = next
  if (remember) write('cell.language', next)
}

/** English is in the first load; another language is fetched before the first paint. */
export async function startI18n() {
  await i18n.use(initReactI18next).init({
    lng: 'en', fallbackLng: 'en', keySeparator: false, nsSeparator: false, returnEmptyString: false,
    resources: { en: { translation: en } },
    interpolation: { escapeValue: false },
  })
  const wish = preferred()
  if (wish !== 'en') await setLanguage(wish, false).catch(() => undefined)
}
