import type { ReactNode } from 'react'

/** "- " begins an item, "# " a heading; every other block is a paragraph. What a package writes is never markup. */
function block(text: string, key: number): ReactNode {
  const lines = text.split('\n')
  const first = lines[0] ?? ''
  if (/^#+ /.test(first)) {
    const rest = lines.slice(1).join('\n').trim()
    return <div key={key} className="flex flex-col gap-2"><p className="font-semibold">{first.replace(/^#+ /, '')}</p>{rest && block(rest, 0)}</div>
  }
  if (/^[-*] /.test(first)) {
    const items = text.split(/\n(?=[-*] )/).map((x) => x.replace(/^[-*] /, '').replace(/\s*\n\s*/g, ' '))
    return <ul key={key} className="list-disc pl-5">{items.map((x, i) => <li key={i}>{x}</li>)}</ul>
  }
  return <p key={key}>{text}</p>
}

/** Text of a package: descriptions and changelogs. */
export function Prose({ text }: { text: string }) {
  return <div className="flex flex-col gap-3 text-sm">{text.trim().split(/\n\s*\n/).filter(Boolean).map(block)}</div>
}
