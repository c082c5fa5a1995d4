import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import de from '../i18n/de.json'
import en from '../i18n/en.json'
import fr from '../i18n/fr.json'
import ru from '../i18n/ru.json'

type Catalogue = Record<string, string>
const plural = /_(one|few|many|other)$/
const base = (c: Catalogue) => [...new Set(Object.keys(c).map((k) => k.replace(plural, '')))].sort()
const holes = (text: string) => [...text.matchAll(/{{(\w+)}}/g)].map((m) => m[1]).sort()

describe.each([['de', de], ['fr', fr], ['ru', ru]] as [string, Catalogue][])('catalogue %s', (lang, catalogue) => {
  it('has the same keys as the English one', () => expect(base(catalogue)).toEqual(base(en)))
  it('has every plural form of its language', () => {
    const forms = new Intl.PluralRules(lang).resolvedOptions().pluralCategories
    for (const key of Object.keys(en).filter((k) => k.endsWith('_other')).map((k) => k.replace(plural, ''))) {
      for (const form of forms) expect(Object.keys(catalogue), key).toContain(`${key}_${form}`)
    }
  })
  it('fills in the same values', () => {
    for (const [key, text] of Object.entries(catalogue)) {
      const english = (en as Catalogue)[key] ?? (en as Catalogue)[key.replace(plural, '_other')] ?? ''
      expect(holes(text), key).toEqual(holes(english))
      expect(text.trim(), key).toBe(text)
      expect(text, key).not.toBe('')
    }
  })
})

describe('use of the catalogue', () => {
  const root = join(__dirname, '..')
  const source = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((f) => /\.tsx?$/.test(f) && !/^(test|dev)/.test(f)).map((f) => readFileSync(join(root, f), 'utf8')).join('\n')
  const known = new Set(base(en))
  it('knows every key that the pages ask for', () => {
    const asked = [...source.matchAll(/\bt\('([^']+)'/g), ...source.matchAll(/\bt\([^'`()]+\? '([^']+)'/g), ...source.matchAll(/\bt\([^'`()]*(?:'[^']*'[^'`()]*)?\? '[^']+' : '([^']+)'/g)].map((m) => m[1] ?? '')
    expect(asked.length).toBeGreaterThan(300)
    expect(asked.filter((k) => !known.has(k))).toEqual([])
  })
  it('has no key that nothing uses', () => {
    const stems = [...source.matchAll(/\bt\(`([^`$]*)\$\{/g)].map((m) => m[1] ?? '').filter(Boolean)
    const shorts = (k: string) => k.endsWith('.short')
    expect(base(en).filter((k) => !source.includes(`'${k}'`) && !stems.some((s) => k.startsWith(s)) && !shorts(k))).toEqual([])
  })
})
