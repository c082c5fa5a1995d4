import { useEffect, useRef } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { useIsDark } from '../lib/browser'

export interface PlotProps {
  /** Read out instead of the picture. */
  label: string
  /** Seconds since 1970. */
  times: number[]
  series: { label: string; color: string; dashed?: boolean; values: (number | null)[] }[]
  format: (n: number) => string
  height?: number
  max?: number
}

const css = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim()

/** Clock times within a day, dates beyond it, in the language of the page. */
function timeLabels(_u: uPlot, splits: number[], _axis: number, _space: number, step: number): string[] {
  const lang = document.documentElement.lang || 'en'
  const format = new Intl.DateTimeFormat(lang, step < 86_400 ? { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } : { day: 'numeric', month: 'short' })
  return splits.map((s) => format.format(s * 1000))
}

function options(props: PlotProps, width: number): uPlot.Options {
  const axis = { stroke: css('--c-muted'), grid: { stroke: css('--c-line'), width: 1 }, ticks: { show: false }, font: '13px system-ui, sans-serif' }
  return {
    width, height: props.height ?? 180, padding: [8, 8, 0, 0],
    cursor: { y: false, points: { size: 6 } },
    legend: { show: false },
    scales: { y: { range: (_u, _min, max) => [0, props.max ?? (max > 0 ? max * 1.1 : 1)] } },
    axes: [{ ...axis, size: 26, space: 70, values: timeLabels }, { ...axis, size: 78, space: 36, values: (_u, ticks) => ticks.map((v) => (v == null ? '' : props.format(v))) }],
    series: [{}, ...props.series.map((s) => ({
      label: s.label, stroke: css(s.color), width: 1.5, points: { show: false }, ...(s.dashed ? { dash: [5, 3] } : { fill: `${css(s.color)}22` }),
    }))],
  }
}

export default function Plot(props: PlotProps) {
  const host = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot>()
  const dark = useIsDark()
  const data = [props.times, ...props.series.map((s) => s.values)] as uPlot.AlignedData
  const latest = useRef({ props, data })
  latest.current = { props, data }

  useEffect(() => {
    const el = host.current
    if (!el) return
    plot.current = new uPlot(options(latest.current.props, el.clientWidth), latest.current.data, el)
    const watch = new ResizeObserver(() => plot.current?.setSize({ width: el.clientWidth, height: latest.current.props.height ?? 180 }))
    watch.observe(el)
    return () => { watch.disconnect(); plot.current?.destroy() }
  }, [dark, props.series.length, props.label])

  useEffect(() => plot.current?.setData(data), [props.times, props.series])
  return <div ref={host} className="u-wrap h-full w-full overflow-hidden" />
}
