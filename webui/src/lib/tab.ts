import { useSearchParams } from 'react-router-dom'

/** A tab kept in the address, so that a link opens the same one. */
export function useTab<T extends string>(tabs: readonly T[], first: T): [T, (tab: T) => void] {
  const [params, setParams] = useSearchParams()
  const tab = tabs.find((x) => x === params.get('tab')) ?? first
  return [tab, (next) => setParams(next === first ? {} : { tab: next }, { replace: true })]
}
