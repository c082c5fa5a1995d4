import * as T from '@radix-ui/react-tabs'
import type { ReactNode } from 'react'

/** Tabs whose choice lives in the URL: the caller keeps `value`. */
export function Tabs<V extends string>({ value, onChange, label, tabs }: { value: V; onChange: (v: V) => void; label: string; tabs: readonly { value: V; label: string; content: ReactNode }[] }) {
  return (
    <T.Root value={value} onValueChange={(v) => { const tab = tabs.find((x) => x.value === v); if (tab) onChange(tab.value) }}>
      <T.List aria-label={label} className="mb-5 flex gap-1 overflow-x-auto border-b border-line">
        {tabs.map((tab) => (
          <T.Trigger key={tab.value} value={tab.value} data-testid={`tab-${tab.value}`}
            className="-mb-px min-h-10 border-b-2 border-transparent px-3 text-sm font-medium whitespace-nowrap text-muted hover:text-text data-[state=active]:border-accent data-[state=active]:text-text focus-visible:-outline-offset-2">
            {tab.label}
          </T.Trigger>
        ))}
      </T.List>
      {tabs.map((tab) => <T.Content key={tab.value} value={tab.value} tabIndex={-1}>{tab.content}</T.Content>)}
    </T.Root>
  )
}
