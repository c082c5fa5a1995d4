import type { Sample } from '../api/live'

/** The last 100 seconds of a rate. Decorative: the number stands beside it. */
export function Sparkline({ samples, now, height = 28, span = 100_000 }: { samples: readonly Sample[]; now: number; height?: number; span?: number }) {
  const width = 120
  const max = Math.max(1000, ...samples.map((s) => s[1]))
  const x = (t: number) => width * (1 - Math.min(span, Math.max(0, now - t)) / span)
  const y = (v: number) => height - 2 - (v / max) * (height - 4)
  const visible = samples.filter((s) => now - s[0] <= span)
  const last = visible[visible.length - 1]
  const points = visible.map((s) => `${x(s[0]).toFixed(1)},${y(s[1]).toFixed(1)}`)
  const line = last ? `M${points.join('L')}L${width},${y(now - last[0] < 5000 ? last[1] : 0).toFixed(1)}` : `M0,${height - 2}L${width},${height - 2}`
  return (
    <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" className="h-7 w-full" aria-hidden>
      <path d={line} fill="none" stroke="var(--c-accent)" strokeWidth="1.5" vectorEffect="non-scaling-stroke" strokeLinejoin="round" />
    </svg>
  )
}
