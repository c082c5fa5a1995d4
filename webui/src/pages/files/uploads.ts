import { useSyncExternalStore } from 'react'
import { ApiError } from '../../api/client'
import type { FilesApi, Upload } from './api'

export type UploadState = 'waiting' | 'running' | 'pausing' | 'done' | 'failed' | 'exists'
export interface UploadJob { key: number; name: string; path: string; size: number; sent: number; state: UploadState; error?: unknown }

interface Entry { job: UploadJob; file: File; overwrite: boolean; stop: AbortController; id?: string }

const atOnce = 2
/** Pauses between tries after the connection broke; then somebody has to say so. */
const pauses = [1000, 2000, 5000, 10_000, 20_000, 30_000]
const isBroken = (e: unknown) => e instanceof ApiError && (e.status === 0 || e.status >= 502)

/**
 * Files on their way to the cell. They go on while other pages are looked at. A file that broke off is taken up where it
 * was: after a lost connection by itself, after a reload when it is chosen again.
 */
export class Uploads {
  private entries: Entry[] = []
  private shown: UploadJob[] = []
  private readonly listeners = new Set<() => void>()
  private next = 1
  private unfinished: Promise<Upload[]> | undefined

  constructor(private readonly api: FilesApi, private readonly onDone: (path: string) => void, private readonly wait = (ms: number) => new Promise<void>((f) => { setTimeout(f, ms) })) {}

  readonly subscribe = (listener: () => void) => { this.listeners.add(listener); return () => { this.listeners.delete(listener) } }
  readonly list = () => this.shown

  add(files: readonly File[], pathOf: (file: File) => string) {
    // What was left over from before is asked for once per batch.
    this.unfinished = this.api.uploads().catch(() => [])
    for (const file of files) {
      const path = pathOf(file)
      this.entries.push({ file, overwrite: false, stop: new AbortController(), job: { key: this.next++, name: file.name, path, size: file.size, sent: 0, state: 'waiting' } })
    }
    this.tell()
    this.pump()
  }
  retry(key: number, overwrite = false) {
    const entry = this.find(key)
    if (!entry) return
    Object.assign(entry, { overwrite: entry.overwrite || overwrite, stop: new AbortController() })
    this.set(entry, { state: 'waiting', error: undefined })
    this.pump()
  }
  /** Stops it, and takes it from the list and from the cell. */
  drop(key: number) {
    const entry = this.find(key)
    if (!entry) return
    entry.stop.abort()
    if (entry.id && entry.job.state !== 'done') void this.api.abandon(entry.id).catch(() => undefined)
    this.entries = this.entries.filter((e) => e !== entry)
    this.tell()
    this.pump()
  }
  clear() {
    this.entries = this.entries.filter((e) => e.job.state !== 'done')
    this.tell()
  }

  private find(key: number) { return this.entries.find((e) => e.job.key === key) }
  private tell() {
    this.shown = this.entries.map((e) => e.job)
    this.listeners.forEach((f) => f())
  }
  private set(entry: Entry, patch: Partial<UploadJob>) {
    entry.job = { ...entry.job, ...patch }
    this.tell()
  }
  private pump() {
    const busy = this.entries.filter((e) => e.job.state === 'running' || e.job.state === 'pausing').length
    for (const entry of this.entries.filter((e) => e.job.state === 'waiting').slice(0, Math.max(0, atOnce - busy))) void this.run(entry)
  }

  private async run(entry: Entry) {
    this.set(entry, { state: 'running' })
    try {
      for (let tries = 0; ; tries++) {
        try {
          await this.send(entry, () => { tries = 0 })
          break
        } catch (e) {
          const pause = pauses[tries]
          if (!isBroken(e) || pause === undefined) throw e
          this.set(entry, { state: 'pausing' })
          await this.wait(pause)
          if (entry.stop.signal.aborted) return
          this.set(entry, { state: 'running' })
        }
      }
      this.set(entry, { state: 'done', sent: entry.job.size })
      this.onDone(entry.job.path)
    } catch (e) {
      if (entry.stop.signal.aborted) return
      const exists = !entry.id && e instanceof ApiError && e.status === 409
      this.set(entry, { state: exists ? 'exists' : 'failed', error: e })
    } finally {
      this.pump()
    }
  }

  /** The upload of this file that the cell has already, or a new one. */
  private async open(entry: Entry): Promise<Upload> {
    const { job, file } = entry
    if (entry.id) return this.api.upload(entry.id)
    const modified = new Date(file.lastModified).toISOString()
    // Another file of the same name and size must not become the second half of this one.
    const left = (await this.unfinished)?.find((u) => u.path === job.path && u.size === file.size && Date.parse(u.modified ?? '') === file.lastModified && !this.entries.some((e) => e.id === u.id))
    return left ?? this.api.begin(job.path, file.size, modified, entry.overwrite)
  }

  private async send(entry: Entry, onStep: () => void) {
    let upload = await this.open(entry)
    entry.id = upload.id
    const chunk = (await this.me).chunk_bytes
    while (!upload.done && upload.offset < entry.file.size) {
      const { offset } = upload
      this.set(entry, { sent: offset })
      try {
        upload = await this.api.append(upload.id, offset, entry.file.slice(offset, offset + chunk), (sent) => this.set(entry, { sent: offset + sent }), entry.stop.signal)
      } catch (e) {
        // The cell has more, or less, than was thought: it knows best.
        if (!(e instanceof ApiError && e.status === 409)) throw e
        const known = await this.api.upload(upload.id)
        if (known.offset === offset) throw e
        upload = known
      }
      onStep()
    }
  }
  private get me() { return (this.limits ??= this.api.me().catch((e: unknown) => { this.limits = undefined; throw e })) }
  private limits: ReturnType<FilesApi['me']> | undefined
}

export const useUploads = (uploads: Uploads) => useSyncExternalStore(uploads.subscribe, uploads.list)
