import type { UseQueryResult } from '@tanstack/react-query'
import { Store } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router-dom'
import type { StoreIndex, StoreItem } from '../../api/types'
import { Button, LinkButton } from '../../components/Button'
import { Segmented } from '../../components/form'
import { EmptyState, Skeleton } from '../../components/layout'
import { Notice } from '../../components/Notice'
import { QueryState } from '../../components/QueryState'
import { SearchInput } from '../../components/SearchInput'
import { collator } from '../../components/sort'
import { sentence } from '../../lib/format'
import { StoreCard } from './StoreCard'

/** Words of the search may be anywhere in what a card is about. */
export function findItems(items: readonly StoreItem[], text: string, category: string): StoreItem[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  return items
    .filter((i) => (!category || i.category === category) && words.every((w) => `${i.name} ${i.label} ${i.summary} ${i.description} ${i.category}`.toLowerCase().includes(w)))
    .sort((a, b) => collator.compare(a.name, b.name))
}

/** Filters live in the address, so that the way back from a package leads to the same list. */
export function StoreTab({ query }: { query: UseQueryResult<StoreIndex> }) {
  const { t } = useTranslation()
  return (
    <QueryState query={query} skeleton={<div className="grid gap-4 sm:grid-cols-2 xl:grid-cols-3"><Skeleton rows={2} height="h-40" /><Skeleton rows={2} height="h-40" /><Skeleton rows={2} height="h-40" /></div>}>
      {(data) => (
        <div className="flex flex-col gap-4">
          <Sources sources={data.sources} />
          {data.items.length === 0 ? <EmptyState icon={Store} title={t('store.empty')} action={<LinkButton to="/services?tab=sources">{t('store.sources')}</LinkButton>}>{t('store.emptyText')}</EmptyState> : <Items items={data.items} />}
        </div>
      )}
    </QueryState>
  )
}

/** A source that can't be used is the reason why something is missing here. */
function Sources({ sources }: { sources: StoreIndex['sources'] }) {
  const { t } = useTranslation()
  return sources.filter((s) => s.state !== 'ok').map((s) => (
    <Notice key={s.name} tone="attention" title={t('source.trouble', { name: s.name, state: t(`source.state.${s.state}`) })} action={<LinkButton to="/services?tab=sources">{t('store.sources')}</LinkButton>}>{s.problem && sentence(s.problem)}</Notice>
  ))
}

function Items({ items }: { items: StoreItem[] }) {
  const { t } = useTranslation()
  const [params, setParams] = useSearchParams()
  const text = params.get('q') ?? ''
  const categories = useMemo(() => [...new Set(items.map((i) => i.category))].sort(), [items])
  const category = categories.find((c) => c === params.get('category')) ?? ''
  const found = useMemo(() => findItems(items, text, category), [items, text, category])
  const set = (name: 'q' | 'category', value: string) => setParams((old) => { const next = new URLSearchParams(old); if (value) next.set(name, value); else next.delete(name); return next }, { replace: true })
  return (
    <>
      <div className="flex flex-wrap items-center gap-3">
        <SearchInput value={text} onChange={(v) => set('q', v)} label={t('store.search')} testid="store-search" className="sm:max-w-72" />
        {categories.length > 1 && <Segmented label={t('store.category')} value={category} onChange={(v) => set('category', v)} testid="store-category" options={[{ value: '', label: t('category.all') }, ...categories.map((value) => ({ value, label: t(`category.${value}`, { defaultValue: value }) }))]} />}
      </div>
      {found.length === 0
        ? <EmptyState icon={Store} title={t('store.noMatch')} action={<Button onClick={() => setParams({}, { replace: true })}>{t('peers.clear')}</Button>} />
        : <ul className="grid gap-4 sm:grid-cols-2 xl:grid-cols-3" data-testid="store-list">{found.map((i) => <StoreCard key={i.id} item={i} />)}</ul>}
    </>
  )
}
