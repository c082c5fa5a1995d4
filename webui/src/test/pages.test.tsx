import { act, fireEvent, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it, vi } from 'vitest'
import { keys } from '../api/keys'
import type { Peer } from '../api/types'
import { ConfirmDialog } from '../components/ConfirmDialog'
import { HealthSentence } from '../frame/HealthSentence'
import { Component as LoginPage } from '../pages/LoginPage'
import { Component as NetworkPage } from '../pages/network/NetworkPage'
import { AddDeviceDialog } from '../pages/peers/AddDeviceDialog'
import { EditPeerDialog } from '../pages/peers/EditPeerDialog'
import { PeerSwitch } from '../pages/peers/PeerCard'
import { Component as SetupPage } from '../pages/setup/SetupPage'
import { Component as EnrolPage } from '../pages/EnrolPage'
import { admin, aPeer, show, stubApi } from './render'

const problem = (status: number, code: string, detail: string, extra = {}) => [status, { type: `urn:cell:problem:${code}`, title: code, status, detail, ...extra }] as [number, unknown]
const template = '[Interface]\nPrivateKey = <PRIVATE_KEY>\nAddress = 10.13.13.2/32\n'

describe('login', () => {
  it('says so when the password is wrong, and goes where it was meant to when right', async () => {
    stubApi({ 'GET /health': [200, { setup_complete: true, components: [] }], 'POST /api/auth/login': (s) => ((s.body as { password: string }).password === 'right' ? [200, admin] : problem(401, 'credentials_invalid', 'no')) })
    const { router } = show(<LoginPage />, { path: '/login?next=/peers', session: null, routes: [{ path: '/peers', element: <p>devices</p> }] })
    const user = userEvent.setup()
    await user.type(screen.getByTestId('login-name'), 'admin')
    await user.type(screen.getByTestId('login-password'), 'wrong')
    await user.click(screen.getByTestId('login-submit'))
    expect(await screen.findByText('Name or password is wrong')).toBeTruthy()
    await user.type(screen.getByTestId('login-password'), 'right')
    await user.click(screen.getByTestId('login-submit'))
    await waitFor(() => expect(router.state.location.pathname).toBe('/peers'))
  })
})

describe('add device', () => {
  it('never sends the private key, and turns green at the first handshake', async () => {
    const click = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockReturnValue()
    const blobs: Blob[] = []
    Object.assign(URL, { createObjectURL: (b: Blob) => { blobs.push(b); return 'blob:x' }, revokeObjectURL: () => undefined })
    const sent = stubApi({
      'GET /api/people': [200, { items: [] }], 'GET /api/peers': [200, { items: [] }], 'GET /api/peers/p1': [200, aPeer()],
      'POST /api/peers': (s) => [201, { ...aPeer({ public_key: (s.body as { public_key: string }).public_key }), config: template }],
    })
    const { client } = show(<AddDeviceDialog onClose={() => undefined} />)
    const user = userEvent.setup()
    await user.type(screen.getByTestId('device-name'), 'phone')
    await user.click(screen.getByTestId('device-next'))
    await user.click(screen.getByTestId('policy-lan'))
    await user.click(screen.getByTestId('device-next'))
    expect(await screen.findByTestId('device-qr')).toBeTruthy()
    await user.click(screen.getByTestId('device-config-download'))
    expect(click).toHaveBeenCalled()
    const text = await new Promise<string>((done) => { const r = new FileReader(); r.onload = () => done(String(r.result)); r.readAsText(blobs[0] as Blob) })
    const key = /PrivateKey = ([A-Za-z0-9+/]{43}=)/.exec(text)?.[1]
    expect(key).toBeTruthy()
    expect(JSON.stringify(sent)).not.toContain(key)
    expect(sent.find((s) => s.method === 'POST')?.body).toMatchObject({ name: 'phone', policy: { internet: true, lan: true, peers: false, services: true } })
    expect(screen.queryByTestId('handshake-received')).toBeNull()
    act(() => client.setQueryData<Peer>(keys.peer('p1'), (old) => old && { ...old, live: { ...old.live, state: 'online', last_handshake_at: '2026-01-01T00:00:00Z' } }))
    expect(await screen.findByTestId('handshake-received')).toBeTruthy()
  })
  it('goes back to the name when the server refuses it', async () => {
    stubApi({ 'GET /api/people': [200, { items: [] }], 'POST /api/peers': problem(422, 'invalid', 'taken', { errors: [{ pointer: '/name', detail: 'another device has this name' }] }) })
    show(<AddDeviceDialog onClose={() => undefined} />)
    const user = userEvent.setup()
    await user.type(screen.getByTestId('device-name'), 'phone')
    await user.click(screen.getByTestId('device-next'))
    await user.click(screen.getByTestId('device-next'))
    expect(await screen.findByText('Another device has this name')).toBeTruthy()
    expect(screen.getByTestId('device-name')).toBeTruthy()
  })
})

describe('way to the internet', () => {
  const gateway = { id: 'gateway/out', service_id: 'gateway', name: 'Gateway', ipv6: false, state: 'down', devices: 0 }
  const answers = (items: unknown[]) => ({
    'GET /api/people': [200, { items: [] }], 'GET /api/exits': [200, { items }], 'PATCH /api/peers/p1': [200, aPeer()],
  }) as Record<string, [number, unknown]>
  it('is chosen among those of the services, with how they are', async () => {
    const sent = stubApi(answers([gateway]))
    show(<EditPeerDialog peer={aPeer()} onClose={() => undefined} />)
    const user = userEvent.setup()
    await user.selectOptions(await screen.findByTestId('peer-exit'), 'Gateway (down)')
    await user.click(screen.getByTestId('peer-save'))
    await waitFor(() => expect(sent.find((s) => s.method === 'PATCH')?.body).toMatchObject({ exit: 'gateway/out' }))
  })
  it('of a service that is gone is said to lead nowhere, and can be given up', async () => {
    const sent = stubApi(answers([]))
    show(<EditPeerDialog peer={aPeer({ exit: 'tor/out' })} onClose={() => undefined} />)
    const user = userEvent.setup()
    expect(await screen.findByText(/the device has no internet. Choose another way/)).toBeTruthy()
    await user.selectOptions(screen.getByTestId('peer-exit'), '')
    await user.click(screen.getByTestId('peer-save'))
    await waitFor(() => expect(sent.find((s) => s.method === 'PATCH')?.body).toMatchObject({ exit: null }))
  })
  it('is not asked about where there is only one', async () => {
    const sent = stubApi(answers([]))
    show(<EditPeerDialog peer={aPeer()} onClose={() => undefined} />)
    await waitFor(() => expect(sent.some((s) => s.path === '/api/exits')).toBe(true))
    expect(screen.queryByTestId('peer-exit')).toBeNull()
    await userEvent.setup().click(screen.getByTestId('peer-save'))
    await waitFor(() => expect(sent.find((s) => s.method === 'PATCH')?.body).not.toHaveProperty('exit'))
  })
})

describe('switch', () => {
  it('moves at once and moves back when the server refuses', async () => {
    stubApi({ 'PATCH /api/peers/p1': problem(503, 'engine_down', 'the engine does not answer') })
    const { client } = show(<PeerSwitch peer={aPeer()} />)
    client.setQueryData(keys.peers, [aPeer()])
    const states: boolean[] = []
    client.getQueryCache().subscribe(() => { const p = client.getQueryData<Peer[]>(keys.peers)?.[0]; if (p) states.push(p.enabled) })
    fireEvent.click(screen.getByTestId('peer-switch-phone'))
    await screen.findByTestId('toast-problem')
    expect(states).toContain(false)
    expect(client.getQueryData<Peer[]>(keys.peers)?.[0]?.enabled).toBe(true)
  })
})

describe('setup', () => {
  const state = { complete: false, code_required: true, defaults: { cell_name: 'home', domain_mode: 'local', timezone: 'UTC', endpoint: '192.0.2.1' }, timezones: ['UTC'] }
  it('refuses a wrong code, shows what the machine lacks, and sends every answer', async () => {
    const check = (ok: boolean) => ({ ok, checks: [{ id: 'ports', title: 'Ports', state: ok ? 'ok' : 'problem', detail: 'port 53', cause: 'taken by systemd-resolved', fix: 'stop it' }] })
    let ok = false
    const sent = stubApi({
      'GET /api/setup': [200, state],
      'POST /api/setup/preflight': (s) => ((s.body as { setup_code: string }).setup_code === 'GOOD' ? [200, check(ok)] : problem(403, 'setup_code_invalid', 'wrong')),
      'POST /api/setup/complete': [202, { job_id: 'j1', session: admin }],
      'GET /api/jobs/j1': [200, { id: 'j1', kind: 'setup', title: 'Setting up', state: 'running', progress: 0.4, phases: [{ name: 'Starting DNS', state: 'running', done: 0, total: 1, unit: '' }], created_at: '' }],
      'GET /health': [200, { setup_complete: true, components: [] }],
    })
    show(<SetupPage />, { path: '/setup', session: null })
    const user = userEvent.setup()
    const next = () => user.click(screen.getByTestId('setup-next'))
    await user.type(await screen.findByTestId('setup-code'), 'BAD')
    await next()
    expect(await screen.findByText('This is not the setup code of this cell')).toBeTruthy()
    await user.clear(screen.getByTestId('setup-code'))
    await user.type(screen.getByTestId('setup-code'), 'GOOD')
    await next()
    expect(await screen.findByText('Taken by systemd-resolved')).toBeTruthy()
    expect((screen.getByTestId('setup-next') as HTMLButtonElement).disabled).toBe(true)
    ok = true
    await user.click(screen.getByTestId('setup-recheck'))
    await waitFor(() => expect(screen.getByTestId('check-ports').dataset.state).toBe('ok'))
    await next()
    await user.clear(screen.getByTestId('setup-cell-name'))
    await user.type(screen.getByTestId('setup-cell-name'), 'attic')
    expect(screen.getByTestId('setup-address').textContent).toBe('https://attic.cell')
    await next()
    await next()
    await user.type(screen.getByTestId('setup-password'), 'correct horse battery')
    await user.type(screen.getByTestId('setup-password2'), 'correct horse')
    await next()
    expect(await screen.findByText('The two are not the same')).toBeTruthy()
    await user.type(screen.getByTestId('setup-password2'), ' battery')
    await next()
    expect(await screen.findByText('Starting DNS')).toBeTruthy()
    expect(sent.find((s) => s.path === '/api/setup/complete')?.body).toEqual({ setup_code: 'GOOD', cell_name: 'attic', domain: { mode: 'local' }, timezone: 'UTC', endpoint: '192.0.2.1', admin: { name: 'admin', password: 'correct horse battery' } })
  })
})

describe('pages say what is wrong', () => {
  it('shows cause and fix with a retry that works', async () => {
    let up = false
    stubApi({ 'GET /api/network/dns/records': () => (up ? [200, { items: [] }] : problem(503, 'engine_down', 'the container engine does not answer', { hint: 'start it' })), 'GET /api/network/dns': [200, { zone: 'home.cell', state: 'ok', upstreams: [], listen_port: 53, generated: [] }] })
    show(<NetworkPage />, { path: '/network' })
    expect(await screen.findByText('The container engine does not answer')).toBeTruthy()
    expect(screen.getByText('Start it')).toBeTruthy()
    up = true
    fireEvent.click(screen.getByTestId('retry'))
    expect(await screen.findByTestId('empty-state')).toBeTruthy()
  })
  it.each([[[], 'All good', 'ok'], [['attention'], '1 thing needs you', 'attention'], [['attention', 'problem', 'info'], '2 things need you', 'problem']] as const)('counts %j as “%s”', (severities, text, tone) => {
    const items = severities.map((severity, i) => ({ id: String(i), severity, title: 't', action: null, ignore_until: null }))
    show(<HealthSentence dashboard={{ status: 'ok', items }} failed={false} />)
    expect(screen.getByTestId('health-sentence').textContent).toBe(text)
    expect(screen.getByTestId('health-sentence').dataset.tone).toBe(tone)
  })
  it('tells that an enrolment link is used up', async () => {
    stubApi({ 'GET /api/enrol/': problem(404, 'not_found', 'no') })
    show(<EnrolPage />, { session: null })
    expect(await screen.findByText('This link no longer works')).toBeTruthy()
  })
})

describe('dangerous acts', () => {
  it('wait until the name is written', async () => {
    const act = vi.fn().mockResolvedValue(undefined)
    const close = vi.fn()
    show(<ConfirmDialog title="Delete?" act="Delete" typed="phone" onConfirm={act} onClose={close}>gone</ConfirmDialog>)
    const user = userEvent.setup()
    expect((screen.getByTestId('confirm-act') as HTMLButtonElement).disabled).toBe(true)
    await user.type(screen.getByTestId('confirm-name'), 'phon{Enter}')
    expect(act).not.toHaveBeenCalled()
    await user.type(screen.getByTestId('confirm-name'), 'e{Enter}')
    await waitFor(() => expect(close).toHaveBeenCalled())
    expect(act).toHaveBeenCalledOnce()
  })
})
