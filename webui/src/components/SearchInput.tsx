import { Search } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { Input } from './form'

const pause = 150

/** What is typed shows at once; what follows from it (an address, a list of a thousand) waits for a short pause. */
export function SearchInput({ value, onChange, label, testid, className = '' }: { value: string; onChange: (text: string) => void; label: string; testid?: string; className?: string }) {
  const [text, setText] = useState(value)
  const told = useRef(value)
  const timer = useRef<ReturnType<typeof setTimeout>>()
  // Only what came from elsewhere replaces what is being typed.
  useEffect(() => {
    if (value === told.current) return
    told.current = value
    setText(value)
  }, [value])
  useEffect(() => () => clearTimeout(timer.current), [])
  const type = (next: string) => {
    setText(next)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => { told.current = next; onChange(next) }, pause)
  }
  return (
    <div className={`relative min-w-52 flex-1 ${className}`} role="search">
      <Search size={16} className="absolute top-2.5 left-3 text-muted" aria-hidden />
      <Input type="search" value={text} onChange={(e) => type(e.target.value)} placeholder={label} aria-label={label} autoComplete="off" className="pl-9" data-testid={testid} />
    </div>
  )
}
