import { lazy, Suspense } from 'react'
import { again } from '../lib/again'
import type { PlotProps } from './Plot'

const Plot = lazy(() => again(() => import('./Plot')))

/** A plot over time. The plotting library is fetched only when one is shown. */
export function TimeSeries(props: PlotProps) {
  const height = props.height ?? 180
  return (
    <figure className="m-0">
      <figcaption className="mb-1 flex flex-wrap gap-x-4 gap-y-1 text-xs text-muted">
        <span className="sr-only">{props.label}</span>
        {props.series.map((s) => (
          <span key={s.label} className="inline-flex items-center gap-1.5">
            <svg width="16" height="8" aria-hidden><line x1="0" y1="4" x2="16" y2="4" stroke={`var(${s.color})`} strokeWidth="2.5" strokeDasharray={s.dashed ? '4 3' : undefined} /></svg>
            {s.label}
          </span>
        ))}
      </figcaption>
      <div style={{ height }} aria-hidden>
        <Suspense fallback={<div className="skeleton h-full" />}><Plot {...props} height={height} /></Suspense>
      </div>
    </figure>
  )
}
