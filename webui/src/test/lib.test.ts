import { describe, expect, it } from 'vitest'
import { confName } from '../lib/browser'
import { bytes, duration, offset, rate, relative } from '../lib/format'
import { sortRows } from '../components/sort'
import { strength } from '../lib/password'
import { endOfDay } from '../lib/time'
import type { Container } from '../api/types'
import { partState } from '../pages/home/CellPicture'
import { safeNext } from '../pages/LoginPage'
import { fieldText } from '../pages/logs/line'
import { filterPeers, parseTags } from '../pages/peers/state'
import { toScopes } from '../pages/settings/scopes'
import { cellNamePattern } from '../pages/setup/state'
import { aPeer } from './render'

describe('numbers', () => {
  it.each([[0, '0 B'], [999, '999 B'], [1000, '1 kB'], [1234567, '1.2 MB'], [123456789, '123 MB'], [999_999, '1 MB'], [-5, '0 B']])('%d bytes read %s', (n, text) => expect(bytes(n)).toBe(text))
  it('has rates, durations and offsets', () => {
    expect(rate(1200)).toBe('1.2 kB/s')
    expect(duration(93784)).toBe('1 day 2 hours')
    expect(duration(0)).toBe('0 seconds')
    expect(offset(-0.00123)).toBe('-1.23 ms')
  })
  it('tells how long ago', () => {
    const now = Date.parse('2026-01-01T12:00:00Z')
    expect(relative('2026-01-01T11:57:00Z', now)).toBe('3 minutes ago')
    expect(relative('2026-01-03T12:00:00Z', now)).toBe('in 2 days')
  })
})

describe('strength', () => {
  it.each([['', 0], ['password', 0], ['aaaaaaaaaaaaaaaaaaaa', 0], ['12345678901234567890', 1], ['homecell', 0]])('rates %s low', (p, s) => expect(strength(p, ['home', 'cell'])).toBe(s))
  it('likes a few words', () => expect(strength('correct horse battery')).toBeGreaterThanOrEqual(3))
})

describe('names and addresses', () => {
  it('makes file names that WireGuard clients take', () => {
    expect(confName("Anna's iPhone 15 Pro Max")).toBe('Anna-s-iPhone-1.conf')
    expect(confName('Ω')).toBe('cell.conf')
  })
  it.each([['/peers?x=1', '/peers?x=1'], ['//evil.example', '/'], ['/\\evil.example', '/'], ['https://evil.example', '/'], [null, '/']])('after login %s leads to %s', (next, to) => expect(safeNext(next)).toBe(to))
  it('knows a good cell name', () => {
    for (const good of ['home', 'a', 'my-cell-2']) expect(good).toMatch(cellNamePattern)
    for (const bad of ['', '-a', 'a-', 'a.b', 'Ä', 'a'.repeat(64)]) expect(bad).not.toMatch(cellNamePattern)
  })
  it('splits tags', () => expect(parseTags(' home, mobile  home,')).toEqual(['home', 'mobile']))
})

describe('filterPeers', () => {
  const peers = [aPeer({ name: 'zeta', tags: ['home'] }), aPeer({ id: 'p2', name: 'alpha', owner_id: 'u2', owner_name: 'Ben', live: { ...aPeer().live, state: 'online' } })]
  const none = { q: '', tag: '', owner: '', state: '' }
  it.each([[{}, ['alpha', 'zeta']], [{ q: 'ben' }, ['alpha']], [{ q: '10.13.13.2' }, ['alpha', 'zeta']], [{ tag: 'home' }, ['zeta']], [{ owner: 'u2' }, ['alpha']], [{ state: 'never' }, ['zeta']], [{ q: 'x' }, []]])('%j finds %j', (f, names) => {
    expect(filterPeers(peers, { ...none, ...f }).map((p) => p.name)).toEqual(names)
  })
})

describe('sorting', () => {
  const columns = [{ key: 'n', label: 'N', sort: (r: { n: string; size: number }) => r.n }, { key: 'size', label: 'S', sort: (r: { n: string; size: number }) => r.size }]
  const rows = [{ n: 'dev-10', size: 3 }, { n: 'dev-9', size: 20 }, { n: 'dev-1', size: 100 }]
  const names = (key: string, down: boolean) => sortRows(rows, columns, { key, down }).map((r) => r.n)
  it('counts digits as numbers, in names and in columns of numbers', () => {
    expect(names('n', false)).toEqual(['dev-1', 'dev-9', 'dev-10'])
    expect(names('size', true)).toEqual(['dev-1', 'dev-9', 'dev-10'])
  })
  it('leaves the order of the server where no column is chosen', () => expect(sortRows(rows, columns, undefined)).toBe(rows))
})

describe('times and scopes', () => {
  it('ends a day at its last second, without fractions', () => {
    expect(endOfDay('2026-03-01')).toBe(new Date(2026, 2, 1, 23, 59, 59).toISOString().replace('.000', ''))
    expect(endOfDay('')).toBeNull()
  })
  it('leaves out what a token may not reach', () => expect(toScopes({ peers: 'write', logs: 'none', audit: 'read' })).toEqual(['audit:read', 'peers:write']))
})

describe('parts of the cell', () => {
  const made = (over: Partial<Container>): Container => ({ id: 'c', name: 'cell-dns', image: 'x', state: 'running', status: '', health: null, started_at: null, owner: 'core', core: true, read_only: false, ports: [], addresses: [], ...over })
  it.each<[Partial<Container>, string]>([[{}, 'ok'], [{ health: 'unhealthy' }, 'degraded'], [{ health: 'starting' }, 'pending'], [{ state: 'exited' }, 'down'], [{ state: 'restarting' }, 'pending'], [{ name: 'other-ntp' }, 'pending'], [{ read_only: true }, 'pending']])('a container %j is %s', (over, state) => {
    expect(partState([made(over)], 'dns')).toBe(state)
  })
})

describe('fieldText', () => {
  it('writes the fields of a log line as text', () => {
    expect(fieldText({ resource: 'cell-dns', changes: 2, gone: null })).toBe('resource=cell-dns changes=2 gone=null')
    expect(fieldText(undefined)).toBe('')
  })
})
