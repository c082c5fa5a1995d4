import { act, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useState } from 'react'
import { describe, expect, it, vi } from 'vitest'
import { api, setClientHooks, sessionHasEnded } from '../api/client'
import { keys } from '../api/keys'
import { changePerson } from '../api/queries'
import type { Dashboard, HealthItem, Session } from '../api/types'
import { SearchInput } from '../components/SearchInput'
import { AdminOnly } from '../frame/AdminOnly'
import { HealthItems } from '../frame/HealthList'
import { Rail } from '../frame/Rail'
import { TooltipProvider } from '../components/Tooltip'
import { AddDeviceDialog } from '../pages/peers/AddDeviceDialog'
import { QrDialog } from '../pages/peers/QrDialog'
import { PeopleTab } from '../pages/people/PeopleTab'
import { AuditTab } from '../pages/settings/AuditTab'
import { PluginsTab } from '../pages/settings/PluginsTab'
import { TokensTab } from '../pages/settings/TokensTab'
import { admin, aPeer, show, stubApi } from './render'

const anna: Session = { ...admin, user: { id: 'u2', name: 'anna', role: 'peer' } }
const refused = (status: number, code: string, extra = {}) => [status, { type: `urn:cell:problem:${code}`, title: code, status, detail: code, ...extra }] as [number, unknown]

describe('a person who is no administrator', () => {
  it('finds their devices and their account in the rail, and nothing else', () => {
    show(<TooltipProvider><Rail admin={false} /></TooltipProvider>, { session: anna })
    expect(screen.getAllByRole('link').map((a) => a.getAttribute('href'))).toEqual(['/peers', '/settings'])
  })
  it('is led to their devices from a page that is not theirs', async () => {
    const { router } = show(<AdminOnly />, { path: '/containers', session: anna, routes: [{ path: '/peers', element: <p>devices</p> }] })
    await waitFor(() => expect(router.state.location.pathname).toBe('/peers'))
  })
  it('adds a device without saying what it may reach', async () => {
    const sent = stubApi({ 'POST /api/peers': [201, { ...aPeer(), config: 'PrivateKey = <PRIVATE_KEY>' }] })
    show(<AddDeviceDialog onClose={() => undefined} />, { session: anna })
    const user = userEvent.setup()
    await user.type(screen.getByTestId('device-name'), 'watch')
    await user.click(screen.getByTestId('device-next'))
    await screen.findByTestId('device-qr')
    expect(Object.keys(sent[0]?.body as object).sort()).toEqual(['name', 'public_key'])
  })
})

describe('session', () => {
  it('has ended only for somebody who was logged in', async () => {
    setClientHooks({ unauthenticated: vi.fn(), setupNeeded: vi.fn() })
    stubApi({ 'GET /api/peers': refused(401, 'unauthenticated') })
    const { client } = show(<p />, { session: null })
    changePerson(client, null)
    await api.get('/api/peers').catch(() => undefined)
    expect(sessionHasEnded()).toBe(false)
    changePerson(client, admin)
    await api.get('/api/peers').catch(() => undefined)
    expect(sessionHasEnded()).toBe(true)
  })
  it('leaves nothing of one person to the next', () => {
    const { client } = show(<p />)
    client.setQueryData(keys.peers, [aPeer()])
    act(() => changePerson(client, anna))
    expect(client.getQueryData(keys.peers)).toBeUndefined()
    expect(client.getQueryData<Session>(keys.session)?.user.name).toBe('anna')
  })
})

describe('configuration with a key of the cell', () => {
  const peer = aPeer({ key_origin: 'server', config_available: true })
  it('is fetched only when asked for, by POST', async () => {
    let answer = 'PrivateKey = AAAA'
    const sent = stubApi({ 'POST /api/peers/p1/config': () => [200, answer] })
    show(<QrDialog peer={peer} onClose={() => undefined} />)
    expect(sent).toEqual([])
    answer = 'x'
    await userEvent.click(screen.getByTestId('qr-reveal'))
    expect(await screen.findByTestId('device-qr')).toBeTruthy()
    expect(sent.filter((s) => s.path.endsWith('/config')).map((s) => s.method)).toEqual(['POST'])
  })
  it('leads to a new key when it is gone', async () => {
    stubApi({ 'POST /api/peers/p1/config': refused(410, 'config_gone') })
    show(<QrDialog peer={peer} onClose={() => undefined} />)
    await userEvent.click(screen.getByTestId('qr-reveal'))
    expect(await screen.findByTestId('qr-rekey')).toBeTruthy()
  })
})

describe('health', () => {
  it('ignores an item until a day, and shows it again', async () => {
    const item: HealthItem = { id: 'ntp', severity: 'problem', title: 'no time', action: null, ignore_until: null }
    const sent = stubApi({ 'POST /api/dashboard/items/ntp/ignore': [204, null] })
    const { client, rerender } = show(<HealthItems items={[item]} />)
    client.setQueryData(keys.dashboard, { health: { status: 'degraded', items: [item] } } as unknown as Dashboard)
    const user = userEvent.setup()
    await user.click(screen.getByTestId('health-ignore-ntp'))
    await user.click(await screen.findByTestId('health-ignore-7'))
    await waitFor(() => expect(sent.length).toBe(1))
    const until = (sent[0]?.body as { until: string }).until
    expect(until).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    expect(Math.round((Date.parse(until) - Date.now()) / 86_400_000)).toBe(7)
    await waitFor(() => expect(client.getQueryData<Dashboard>(keys.dashboard)?.health.items[0]?.ignore_until).toBe(until))
    rerender(<></>)
    show(<HealthItems items={[{ ...item, ignore_until: until }]} />)
    await user.click(screen.getByText('1 ignored'))
    await user.click(screen.getByTestId('health-heed-ntp'))
    await waitFor(() => expect(sent[1]?.body).toEqual({ until: null }))
  })
})

describe('a person', () => {
  it('gets another name, role and password, and only what was changed is sent', async () => {
    const sent = stubApi({ 'GET /api/people': [200, { items: [{ id: 'u2', name: 'anna', role: 'peer', created_at: '2026-01-01T00:00:00Z' }] }], 'PATCH /api/people/u2': [200, {}] })
    show(<PeopleTab />)
    const user = userEvent.setup()
    await user.click(await screen.findByTestId('person-edit-anna'))
    await user.selectOptions(screen.getByTestId('person-role'), 'admin')
    await user.type(screen.getByTestId('person-password'), 'correct horse battery')
    await user.click(screen.getByTestId('person-save'))
    await waitFor(() => expect(sent.find((s) => s.method === 'PATCH')?.body).toEqual({ role: 'admin', password: 'correct horse battery' }))
    await user.click(screen.getByTestId('person-edit-anna'))
    await user.clear(screen.getByTestId('person-name'))
    await user.type(screen.getByTestId('person-name'), 'anne')
    await user.click(screen.getByTestId('person-save'))
    await waitFor(() => expect(sent.filter((s) => s.method === 'PATCH')[1]?.body).toEqual({ name: 'anne' }))
  })
})

describe('plugins', () => {
  it('are let out of quarantine and isolated', async () => {
    const plugin = { id: 'mail', version: '1.0.0', mode: 'in_process', abi: '1.0', state: 'quarantined', failures: 5, last_failure: { at: '2026-01-01T00:00:00Z', call: 'plan', message: 'it crashed' }, quarantined_since: '2026-01-01T00:00:00Z' }
    const sent = stubApi({ 'GET /api/plugins': [200, { items: [plugin] }], 'POST /api/plugins/mail/release': [200, plugin], 'PATCH /api/plugins/mail': [200, plugin] })
    show(<PluginsTab />)
    const user = userEvent.setup()
    expect((await screen.findByTestId('plugin-state-mail')).textContent).toBe('Quarantined')
    expect(screen.getByText('It crashed')).toBeTruthy()
    await user.click(screen.getByTestId('plugin-release-mail'))
    await user.click(screen.getByTestId('plugin-isolated-mail'))
    await waitFor(() => expect(sent.filter((s) => s.method !== 'GET').map((s) => [s.method, s.path, s.body])).toEqual([['POST', '/api/plugins/mail/release', undefined], ['PATCH', '/api/plugins/mail', { isolated: true }]]))
  })
})

describe('API tokens', () => {
  it('asks for the chosen parts and shows the text once', async () => {
    const sent = stubApi({
      'GET /api/auth/tokens': [200, { items: [] }], 'GET /api/openapi.json': [200, { tags: [{ name: 'logs' }, { name: 'peers' }] }],
      'POST /api/auth/tokens': (s) => [201, { id: 't', prefix: 'cell_abcd', created_at: '2026-01-01T00:00:00Z', allowed_sources: [], ...(s.body as object), token: 'cell_secret' }],
    })
    show(<TokensTab />, { path: '/settings/tokens?dialog=add' })
    const user = userEvent.setup()
    await user.type(screen.getByTestId('token-name'), 'backup')
    await user.selectOptions(await screen.findByTestId('token-part-peers'), 'read')
    await user.selectOptions(screen.getByTestId('token-days'), '0')
    await user.type(screen.getByTestId('token-sources'), '10.0.0.0/8, fd00::/8')
    await user.click(screen.getByTestId('token-create'))
    expect((await screen.findByTestId('token-text')).textContent).toBe('cell_secret')
    expect(sent.find((s) => s.method === 'POST')?.body).toEqual({ name: 'backup', scopes: ['peers:read'], read_only: false, allowed_sources: ['10.0.0.0/8', 'fd00::/8'] })
    await user.click(screen.getByTestId('token-done'))
    expect(screen.queryByText('cell_secret')).toBeNull()
  })
  it('marks the list whose entry was refused', async () => {
    stubApi({ 'GET /api/auth/tokens': [200, { items: [] }], 'GET /api/openapi.json': [200, { tags: [] }], 'POST /api/auth/tokens': refused(400, 'invalid_argument', { errors: [{ pointer: '/allowed_sources/1', detail: 'not a range' }] }) })
    show(<TokensTab />, { path: '/settings/tokens?dialog=add' })
    const user = userEvent.setup()
    await user.type(screen.getByTestId('token-name'), 'backup')
    await user.click(screen.getByTestId('token-scope-all'))
    await user.click(screen.getByTestId('token-create'))
    expect(await screen.findByText('Not a range')).toBeTruthy()
    expect(screen.getByTestId('token-sources').getAttribute('aria-invalid')).toBe('true')
  })
})

describe('audit', () => {
  it('follows the cursor when older entries are wanted', async () => {
    const entry = (id: string) => ({ id, t: '2026-01-01T00:00:00Z', actor: 'admin', action: 'auth.login', target: 'admin', result: 'ok', address: '::1' })
    const asked: string[] = []
    vi.stubGlobal('fetch', async (url: string) => {
      asked.push(url)
      return new Response(JSON.stringify(url.includes('cursor') ? { items: [entry('1')] } : { items: [entry('3'), entry('2')], next_cursor: '2' }))
    })
    show(<AuditTab />)
    await userEvent.click(await screen.findByTestId('audit-more'))
    await waitFor(() => expect(document.querySelectorAll('[data-testid=audit-table] tbody tr').length).toBe(3))
    expect(asked.filter((url) => url.startsWith('/api/audit'))).toEqual(['/api/audit?limit=50', '/api/audit?limit=50&cursor=2'])
    expect(screen.queryByTestId('audit-more')).toBeNull()
  })
})

describe('search', () => {
  it('keeps every letter while what follows lags behind', async () => {
    const changes: string[] = []
    // The value from above stays old while the page around is drawn again.
    function Page() {
      const [n, setN] = useState(0)
      return <><button type="button" onClick={() => setN(n + 1)}>again</button><SearchInput value="" onChange={(x) => changes.push(x)} label="Find" testid="find" /></>
    }
    show(<Page />)
    const user = userEvent.setup()
    await user.type(screen.getByTestId('find'), 'print')
    await user.click(screen.getByText('again'))
    await user.type(screen.getByTestId('find'), 'er')
    expect((screen.getByTestId('find') as HTMLInputElement).value).toBe('printer')
    await waitFor(() => expect(changes.at(-1)).toBe('printer'))
  })
})
