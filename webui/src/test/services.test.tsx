import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { keys } from '../api/keys'
import type { Job, Plan, Service, Session, StoreDetail } from '../api/types'
import { PlanView } from '../components/PlanView'
import { Prose } from '../components/Prose'
import { Rail } from '../frame/Rail'
import { TooltipProvider } from '../components/Tooltip'
import { fieldOf, panelPath, readPanels, rowsOf } from '../pages/services/panel'
import { PanelView } from '../pages/services/PanelView'
import { ServiceDialogs } from '../pages/services/ServiceDialogs'
import { Component as ServicePage } from '../pages/services/ServicePage'
import { isWebAddress, jobOf } from '../pages/services/state'
import { InstallDialog } from '../pages/store/InstallDialog'
import { StoreButton } from '../pages/store/StoreButton'
import { findItems } from '../pages/store/StoreTab'
import { admin, show, stubApi } from './render'

const anna: Session = { ...admin, user: { id: 'u2', name: 'anna', role: 'peer' } }
const refused = (status: number, code: string, extra = {}) => [status, { type: `urn:cell:problem:${code}`, title: code, status, detail: code, ...extra }] as [number, unknown]

function aJob(over: Partial<Job> = {}): Job {
  return { id: 'j1', kind: 'service.install', title: 'Install', actor: 'admin', target: 'service:mail', state: 'running', progress: 0.42, phases: [], created_at: '2026-01-01T00:00:00Z', ...over }
}
function aPlan(over: Partial<Plan> = {}): Plan {
  return { id: 'mail', version: '2.0.0', action: 'install', token: 'plan-1', creates: [], changes: [], removes: [], exposes: [], addresses: [], conflicts: [], permissions_added: [], download_bytes: 0, warnings: [], ...over }
}
function aPackage(over: Partial<StoreDetail> = {}): StoreDetail {
  return {
    id: 'mail', label: 'mail', name: 'Mail', summary: 'Your own mail', description: '', version: '2.0.0', kind: 'native', category: 'mail', stage: 'stable', license: 'MIT', source: 'cell', icon: null,
    rating: 5, reasons: [], download_bytes: 0, memory_mb: 0, disk_mb: 0, state: 'available', first_party: true, changelog: '', options: {}, permissions: [], breaking: [], ...over,
  }
}
function aService(over: Partial<Service> = {}): Service {
  return {
    id: 'calendar', label: 'calendar', name: 'Calendar', summary: 'Shared calendars', icon: null, version: '1.0.0', kind: 'native', mode: 'in_process', category: 'calendar', state: 'running', address: 'https://calendar.home.cell/', enabled: true,
    installed_at: '2026-01-01T00:00:00Z', containers: [], options: {}, options_schema: {}, accounts: { kind: 'app_passwords', quota: false, login: 'name' }, clients: [{ title: 'Calendars', kind: 'caldav', value: 'https://calendar.home.cell/{login}/' }],
    panels: [], plugin: { mode: 'in_process', failures: 0, quarantined: false }, ...over,
  }
}

describe('a plan', () => {
  it('says what will be there, what is opened to whom, and what it costs', () => {
    show(<PlanView plan={aPlan({
      creates: [{ kind: 'container', name: 'cell-mail-server', detail: 'reads its own files' }, { kind: 'volume', name: 'cell-mail-data', detail: '' }],
      exposes: [{ port: 25, protocol: 'tcp', expose: 'public', words: 'other servers deliver here' }], addresses: ['https://mail.home.cell/'],
      permissions_added: [{ words: 'opens port 25', why: 'mail comes there' }], download_bytes: 190_000_000, warnings: ['port 25 is often blocked'],
    })} />)
    expect(within(screen.getByTestId('plan-creates')).getAllByRole('listitem').map((x) => x.textContent)).toEqual(['Container cell-mail-serverReads its own files', 'Storage cell-mail-data'])
    expect(screen.getByTestId('plan-exposes').textContent).toContain('InternetOther servers deliver here25/tcp')
    expect(screen.getByTestId('plan-addresses').textContent).toContain('https://mail.home.cell/')
    expect(screen.getByTestId('plan-permissions').textContent).toBe('What it may doOpens port 25Mail comes there')
    expect(screen.getByText('190 MB will be downloaded')).toBeTruthy()
    expect(screen.getByText('Port 25 is often blocked')).toBeTruthy()
  })
  it('says what is in the way and what mends it', () => {
    show(<PlanView plan={aPlan({ conflicts: [{ kind: 'port', name: '25', detail: 'port 25 is used by old-mail', fix: 'stop old-mail' }] })} />)
    expect(screen.getByTestId('plan-conflict-25').textContent).toBe('Port 25 is used by old-mailStop old-mail')
  })
  it('says so when nothing would change', () => {
    show(<PlanView plan={aPlan({ action: 'configure' })} />)
    expect(screen.getByText('Nothing would change.')).toBeTruthy()
  })
})

describe('installing', () => {
  const options = { type: 'object', required: ['hostname'], properties: { hostname: { type: 'string', title: 'Name' } } }
  it('goes from the options through the plan to the job, with the token of the plan', async () => {
    const sent = stubApi({ 'POST /api/services/mail/plan': [200, aPlan()], 'POST /api/services/mail/install': [202, { job_id: 'j1' }], 'GET /api/jobs/j1': [200, aJob()] })
    show(<InstallDialog item={aPackage({ options })} onBegun={() => undefined} onClose={() => undefined} />)
    const user = userEvent.setup()
    await user.click(screen.getByTestId('install-next'))
    expect(screen.getByText('This is needed')).toBeTruthy()
    await user.type(screen.getByTestId('option-hostname'), 'mail.home.cell')
    await user.click(screen.getByTestId('install-next'))
    await screen.findByTestId('plan')
    await user.click(screen.getByTestId('plan-act'))
    expect((await screen.findByTestId('job-j1')).dataset.state).toBe('running')
    expect(sent.map((s) => [s.method, s.path, s.body])).toEqual([
      ['POST', '/api/services/mail/plan', { version: '2.0.0', options: { hostname: 'mail.home.cell' } }],
      ['POST', '/api/services/mail/install', { version: '2.0.0', options: { hostname: 'mail.home.cell' }, plan_token: 'plan-1' }],
      ['GET', '/api/jobs/j1', undefined],
    ])
  })
  it('goes back to the option that the server refuses', async () => {
    stubApi({ 'POST /api/services/mail/plan': refused(400, 'invalid_argument', { errors: [{ pointer: '/options/hostname', detail: 'this name is taken' }] }) })
    show(<InstallDialog item={aPackage({ options })} onBegun={() => undefined} onClose={() => undefined} />)
    const user = userEvent.setup()
    await user.type(screen.getByTestId('option-hostname'), 'mail')
    await user.click(screen.getByTestId('install-next'))
    expect(await screen.findByText('This name is taken')).toBeTruthy()
    expect((screen.getByTestId('option-hostname') as HTMLInputElement).value).toBe('mail')
  })
  it('can not begin while something is in the way', async () => {
    let conflicts = [{ kind: 'port', name: '25', detail: 'taken', fix: 'stop it' }]
    stubApi({ 'POST /api/services/mail/plan': () => [200, aPlan({ conflicts })] })
    show(<InstallDialog item={aPackage()} onBegun={() => undefined} onClose={() => undefined} />)
    const user = userEvent.setup()
    await screen.findByTestId('plan-conflict-25')
    expect((screen.getByTestId('plan-act') as HTMLButtonElement).disabled).toBe(true)
    conflicts = []
    await user.click(screen.getByTestId('plan-recheck'))
    await waitFor(() => expect((screen.getByTestId('plan-act') as HTMLButtonElement).disabled).toBe(false))
  })
  it('asks for trust once more where a package may do a lot', async () => {
    stubApi({ 'POST /api/services/mail/plan': [200, aPlan()] })
    show(<InstallDialog item={aPackage({ rating: 2 })} onBegun={() => undefined} onClose={() => undefined} />)
    await screen.findByTestId('plan')
    expect((screen.getByTestId('plan-act') as HTMLButtonElement).disabled).toBe(true)
    await userEvent.click(screen.getByTestId('plan-accept'))
    expect((screen.getByTestId('plan-act') as HTMLButtonElement).disabled).toBe(false)
  })
  it('plans anew when the plan no longer holds', async () => {
    let token = 'plan-1'
    const sent = stubApi({ 'POST /api/services/mail/plan': () => [200, aPlan({ token })], 'POST /api/services/mail/install': (s) => ((s.body as { plan_token: string }).plan_token === 'plan-2' ? [202, { job_id: 'j1' }] : refused(409, 'plan_changed')), 'GET /api/jobs/j1': [200, aJob()] })
    show(<InstallDialog item={aPackage()} onBegun={() => undefined} onClose={() => undefined} />)
    const user = userEvent.setup()
    await screen.findByTestId('plan')
    token = 'plan-2'
    await user.click(screen.getByTestId('plan-act'))
    expect(await screen.findByTestId('error-note')).toBeTruthy()
    await waitFor(() => expect(sent.filter((s) => s.path.endsWith('/plan')).length).toBe(2))
    await user.click(screen.getByTestId('plan-act'))
    expect(await screen.findByTestId('job-j1')).toBeTruthy()
  })
})

describe('an update', () => {
  it('needs consent to what the new version may do beyond the old', async () => {
    const sent = stubApi({
      'GET /api/store/items/calendar': [200, aPackage({ breaking: [{ version: '1.1.0', text: 'Old links stop' }] })], 'POST /api/services/calendar/plan': [200, aPlan({ id: 'calendar', version: '1.1.0', action: 'update', permissions_added: [{ words: 'opens port 8443', why: 'uploads' }] })],
      'POST /api/services/calendar/update': [202, { job_id: 'j1' }], 'GET /api/jobs/j1': [200, aJob({ kind: 'service.update', target: 'service:calendar' })],
    })
    show(<ServiceDialogs service={aService({ update_version: '1.1.0' })} />, { path: '/services/calendar?dialog=update' })
    const user = userEvent.setup()
    expect((await screen.findByTestId('update-breaking')).textContent).toContain('Old links stop')
    await user.click(await screen.findByTestId('plan-accept'))
    await user.click(screen.getByTestId('plan-act'))
    await screen.findByTestId('job-j1')
    expect(sent.find((s) => s.path.endsWith('/update'))?.body).toEqual({ version: '1.1.0', plan_token: 'plan-1', accept_permissions: true })
  })
})

describe('removing', () => {
  it('keeps the data unless asked, and then wants the name', async () => {
    const asked: string[] = []
    stubApi({ 'DELETE /api/services/calendar': [202, { job_id: 'j1' }] })
    const plain = globalThis.fetch
    globalThis.fetch = async (url, init) => { if (init?.method === 'DELETE') asked.push(String(url)); return plain(url, init) }
    show(<ServiceDialogs service={aService()} />, { path: '/services/calendar?dialog=remove' })
    const user = userEvent.setup()
    expect(screen.queryByTestId('confirm-name')).toBeNull()
    await user.click(screen.getByTestId('service-purge'))
    expect((screen.getByTestId('confirm-act') as HTMLButtonElement).disabled).toBe(true)
    await user.type(screen.getByTestId('confirm-name'), 'Calendar')
    await user.click(screen.getByTestId('confirm-act'))
    await waitFor(() => expect(asked).toEqual(['/api/services/calendar?purge=true']))
  })
})

describe('the button of a package', () => {
  it.each([
    ['available', 'Install', '/store/mail?dialog=install'], ['installed', 'Open', '/services/mail'], ['update_available', 'Update', '/services/mail?dialog=update'],
  ] as const)('for one that is %s says %s', (state, text, href) => {
    stubApi({ 'GET /api/jobs': [200, { items: [] }], 'GET /api/services': [200, { items: [] }] })
    show(<StoreButton item={aPackage({ state })} />)
    expect([screen.getByTestId('store-button-mail').textContent, screen.getByTestId('store-button-mail').getAttribute('href')]).toEqual([text, href])
  })
  it('says how far an installation is', async () => {
    stubApi({ 'GET /api/jobs': [200, { items: [aJob()] }], 'GET /api/services': [200, { items: [] }] })
    show(<StoreButton item={aPackage()} />)
    expect(await screen.findByText('Installing 42%')).toBeTruthy()
  })
  it('opens the service itself where it has a page', async () => {
    stubApi({ 'GET /api/jobs': [200, { items: [] }], 'GET /api/services': [200, { items: [aService()] }] })
    show(<StoreButton item={aPackage({ id: 'calendar', state: 'installed' })} />)
    await waitFor(() => expect(screen.getByTestId('store-button-calendar').getAttribute('href')).toBe('https://calendar.home.cell/'))
  })
})

describe('jobs of a service', () => {
  it('are found by what they work on, the newest first, as long as somebody has to know of them', () => {
    expect(jobOf([aJob()], 'mail')?.id).toBe('j1')
    expect(jobOf([aJob()], 'ail')).toBeUndefined()
    expect(jobOf([aJob({ state: 'failed' }), aJob({ id: 'j2', state: 'done', created_at: '2026-01-02T00:00:00Z' })], 'mail')).toBeUndefined()
    expect(jobOf([aJob({ target: 'container:mail' })], 'mail')).toBeUndefined()
  })
})

describe('a service page', () => {
  const table = (service: Service) => ({
    [`GET /api/services/${service.id}`]: [200, service] as [number, unknown], 'GET /api/jobs': [200, { items: [] }] as [number, unknown], 'GET /api/services': [200, { items: [service] }] as [number, unknown],
    [`GET /api/services/${service.id}/app-passwords`]: [200, { items: [{ id: 'a1', person_id: 'u1', person: 'admin', login: 'admin', label: 'phone', created_at: '2026-01-01T00:00:00Z' }, { id: 'a2', person_id: 'u2', person: 'anna', login: 'anna', label: 'laptop', created_at: '2026-01-01T00:00:00Z' }] }] as [number, unknown],
  })
  const page = (session = admin) => show(<p />, { path: '/services/calendar', session, routes: [{ path: '/services/:id', element: <ServicePage /> }] })
  it('says what is wrong and what to do', async () => {
    stubApi(table(aService({ state: 'failed', problem: { message: 'the server does not get healthy', hint: 'look at its log' } })))
    page()
    expect((await screen.findByTestId('service-problem')).textContent).toBe('The server does not get healthyLook at its log')
    expect(screen.getByTestId('service-start')).toBeTruthy()
  })
  it('shows a new app password once, with the settings of the program', async () => {
    const sent = stubApi({ ...table(aService()), 'POST /api/services/calendar/app-passwords': (s) => [201, { id: 'a3', person_id: 'u1', person: 'admin', login: 'admin', created_at: '2026-01-01T00:00:00Z', ...(s.body as object), password: 'only-once' }] })
    page()
    const user = userEvent.setup()
    await user.click(await screen.findByTestId('password-add'))
    await user.type(screen.getByTestId('password-label'), 'tablet')
    await user.click(screen.getByTestId('password-create'))
    expect((await screen.findByTestId('password-text')).textContent).toBe('only-once')
    expect(within(screen.getByTestId('password-made')).getByTestId('client-caldav').textContent).toBe('https://calendar.home.cell/admin/')
    expect(sent.find((s) => s.method === 'POST')?.body).toEqual({ label: 'tablet' })
    await user.click(screen.getByTestId('password-done'))
    expect(screen.queryByText('only-once')).toBeNull()
  })
  it('gives a person their own passwords and client settings, and nothing to run', async () => {
    stubApi(table(aService()))
    page(anna)
    expect((await screen.findByTestId('passwords-table')).textContent).toContain('laptop')
    expect(screen.getByTestId('passwords-table').textContent).not.toContain('phone')
    expect(screen.getByTestId('client-caldav').textContent).toBe('https://calendar.home.cell/anna/')
    for (const absent of ['service-menu', 'tab-accounts', 'service-start']) expect(screen.queryByTestId(absent)).toBeNull()
  })
  it('says so when it is not installed', async () => {
    stubApi({})
    page()
    expect(await screen.findByText('calendar is not installed')).toBeTruthy()
  })
})

describe('panels', () => {
  const panels = [
    { kind: 'table', title: { en: 'Aliases', de: 'Aliasse' }, path: '/aliases', columns: [{ title: 'Name', field: 'name' }, { title: 'Size', field: 'use.bytes', kind: 'bytes' }], create: { title: 'Add alias', path: '/aliases', schema: { type: 'object', properties: { name: { type: 'string', title: 'Name' } } } }, delete: { title: 'Delete alias', path: '/aliases/{id}' } },
    { kind: 'action', title: 'Check', path: '/check' },
    { kind: 'picture', title: 'What nobody knows yet' },
  ]
  it('are read in the language of the page; what is not known is left out', () => {
    expect(readPanels(panels, 'de').map((p) => [p.kind, p.title])).toEqual([['table', 'Aliasse'], ['action', 'Check']])
  })
  it('ask the routes of their service, with names of the row filled in', () => {
    expect(panelPath('mail', '/aliases/{id}', { id: 'a/b' })).toBe('/api/services/mail/x/aliases/a%2Fb')
    expect(rowsOf({ items: [{ id: 1 }] })).toEqual(rowsOf([{ id: 1 }]))
    expect(fieldOf({ use: { bytes: 5 } }, 'use.bytes')).toBe(5)
  })
  it('show rows, add one and delete one', async () => {
    const rows = [{ id: 'r1', name: 'info', use: { bytes: 2000 } }]
    const sent = stubApi({
      'GET /api/services/mail/x/aliases': () => [200, { items: [...rows] }], 'POST /api/services/mail/x/aliases': (s) => { rows.push({ id: 'r2', use: { bytes: 0 }, ...(s.body as { name: string }) }); return [201, {}] },
      'DELETE /api/services/mail/x/aliases/r1': () => { rows.shift(); return [204, null] },
    })
    const panel = readPanels(panels, 'en')[0]
    if (!panel) throw new Error('no panel')
    show(<PanelView service={aService({ id: 'mail' })} panel={panel} />)
    const user = userEvent.setup()
    expect((await screen.findByTestId('panel-/aliases')).textContent).toContain('2 kB')
    await user.click(screen.getByTestId('panel-create-/aliases'))
    await user.type(screen.getByTestId('option-name'), 'post')
    await user.click(screen.getByTestId('panel-act'))
    expect(await screen.findByText('post')).toBeTruthy()
    await user.click(screen.getByTestId('panel-delete-info'))
    await user.click(screen.getByTestId('confirm-act'))
    await waitFor(() => expect(screen.queryByText('info')).toBeNull())
    expect(sent.filter((s) => s.method !== 'GET').map((s) => [s.method, s.path, s.body])).toEqual([['POST', '/api/services/mail/x/aliases', { name: 'post' }], ['DELETE', '/api/services/mail/x/aliases/r1', undefined]])
  })
})

describe('the store', () => {
  const items = [aPackage({ id: 'b', name: 'Beta', summary: 'mail for two' }), aPackage({ id: 'a', name: 'Alpha', category: 'files', description: 'Keeps photos' })]
  it.each([['', '', ['a', 'b']], ['photos', '', ['a']], ['MAIL two', '', ['b']], ['', 'files', ['a']], ['x', '', []]])('finds “%s” in “%s”', (text, category, ids) => expect(findItems(items, text, category).map((i) => i.id)).toEqual(ids))
})

describe('what packages write', () => {
  it('is text, never markup', () => {
    show(<Prose text={'# 1.0\n\n- first <b>point</b>\n- second\n\nAnd **so** on.'} />)
    expect(screen.getAllByRole('listitem').map((x) => x.textContent)).toEqual(['first <b>point</b>', 'second'])
    expect(screen.getByText('And **so** on.')).toBeTruthy()
  })
  it('becomes a link only where a browser opens a page', () => {
    expect(['https://x.org/', 'http://x', 'javascript:alert(1)', null].map(isWebAddress)).toEqual([true, true, false, false])
  })
})

describe('the rail', () => {
  it('has the installed services below the store, for a person those with accounts', async () => {
    const list = [aService(), aService({ id: 'test', name: 'Speed test', accounts: null })]
    stubApi({ 'GET /api/services': [200, { items: list }] })
    const hrefs = () => screen.getAllByRole('link').map((a) => a.getAttribute('href')).filter((h) => h?.startsWith('/services'))
    const view = show(<TooltipProvider><Rail admin /></TooltipProvider>)
    view.client.setQueryData(keys.serviceList('en'), list)
    await waitFor(() => expect(hrefs()).toEqual(['/services', '/services/calendar', '/services/test']))
    view.unmount()
    show(<TooltipProvider><Rail admin={false} /></TooltipProvider>, { session: anna })
    await waitFor(() => expect(hrefs()).toEqual(['/services/calendar']))
  })
})
