import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it, vi } from 'vitest'
import type { Service } from '../api/types'
import { emailPanels, othersOf, readAddresses, readRecords } from '../pages/email/answers'
import { Component as ServicePage } from '../pages/services/ServicePage'
import { readPanels } from '../pages/services/panel'
import { show, stubApi } from './render'

const panels = ['/addresses', '/dns', '/queue'].map((path) => ({ kind: 'table', title: { en: path }, path, columns: [], empty: { en: 'nothing' } }))
const mail: Service = {
  id: 'mail', label: 'mail', name: 'Mail', summary: 'Your own mail', icon: null, version: '1.0.0', kind: 'native', mode: 'in_process', category: 'mail', state: 'running', address: '', enabled: true,
  installed_at: '2026-01-01T00:00:00Z', containers: [], options: {}, options_schema: {}, accounts: { kind: 'app_passwords', quota: true, login: 'address' },
  clients: [{ title: 'Profile for iPhone', kind: 'url', value: 'https://autoconfig.home.cell/mail/ios.mobileconfig' }], panels, plugin: { mode: 'in_process', failures: 0, quarantined: false },
}
const addresses = [
  { address: 'ada@home.cell', kind: 'mailbox', targets: ['ada@home.cell', 'ada@example.org'] },
  { address: 'bob@home.cell', kind: 'mailbox', targets: ['bob@home.cell'] },
  { address: 'away@home.cell', kind: 'mailbox', targets: ['away@example.org'] },
  { address: 'info@home.cell', kind: 'alias', targets: ['ada@home.cell', 'bob@home.cell'] },
  { address: '@home.cell', kind: 'catch_all', targets: ['ada@home.cell'] },
]
const records = [
  { name: '@', type: 'MX', value: '10 mail.home.cell', state: 'ok', found: '10 mail.home.cell' },
  { name: '@', type: 'TXT', value: 'v=spf1 mx -all', state: 'missing', found: '' },
  { name: 'mail._domainkey', type: 'TXT', value: 'v=DKIM1; k=rsa; p=MIIB', state: 'different', found: 'v=DKIM1; k=rsa; p=OTHER' },
  { name: '_dmarc', type: 'TXT', value: 'v=DMARC1; p=quarantine', state: 'unknown', found: '' },
]
const api = (over: Parameters<typeof stubApi>[0] = {}) => stubApi({
  'GET /api/services/mail': [200, mail],
  'GET /api/services/mail/accounts': [200, { items: [{ person_id: 'u1', name: 'Ada', login: 'ada@home.cell', passwords: 1 }] }],
  'GET /api/services/mail/accounts/u1': [200, { person_id: 'u1', name: 'Ada', login: 'ada@home.cell', passwords: 1 }],
  'GET /api/services/mail/app-passwords': [200, { items: [] }],
  'GET /api/services/mail/x/addresses': [200, { items: addresses }],
  'GET /api/services/mail/x/dns': [200, { items: records }],
  'GET /api/services/mail/x/queue': [200, { items: [] }],
  ...over,
})
const open = (session?: Parameters<typeof show>[1]) => show(<div />, { path: '/services/mail', routes: [{ path: '/services/:id', element: <ServicePage /> }], ...session })
const rowsOf = (table: HTMLElement) => within(table).getAllByRole('row').slice(1).map((row) => within(row).getAllByRole('cell').map((cell) => cell.lastElementChild?.textContent))

describe('the page of the mail service', () => {
  it('shows every address, whose it is and where its mail goes', async () => {
    api()
    open()
    const table = await screen.findByTestId('email-addresses')
    await waitFor(() => expect(within(table).getByText('Ada, and a copy to ada@example.org')).toBeTruthy())
    expect(rowsOf(table)).toEqual([
      ['ada@home.cell', 'Mailbox', 'Ada, and a copy to ada@example.org'], ['bob@home.cell', 'Mailbox', 'bob@home.cell'], ['away@home.cell', 'Mailbox', 'away@example.org'],
      ['info@home.cell', 'Alias', 'ada@home.cell, bob@home.cell'], ['*@home.cell', 'Everything else', 'ada@home.cell'],
    ])
    expect(screen.getByTestId('email-change').getAttribute('href')).toBe('/services/mail?tab=options')
  })
  it('says of each record whether the internet has it, and copies its value', async () => {
    api()
    vi.stubGlobal('isSecureContext', true)
    const user = userEvent.setup()
    open()
    const table = await screen.findByTestId('email-records')
    expect(records.map((r) => screen.getByTestId(`email-state-${r.name}-${r.type}`).textContent)).toEqual(['In place', 'Missing', 'Different', 'No answer'])
    expect(within(table).getByText('Found: v=DKIM1; k=rsa; p=OTHER')).toBeTruthy()
    const value = screen.getByTestId('email-value-mail._domainkey-TXT').parentElement
    await user.click(within(value as HTMLElement).getByRole('button', { name: 'Copy' }))
    expect(await navigator.clipboard.readText()).toBe('v=DKIM1; k=rsa; p=MIIB')
  })
  it('asks the internet again', async () => {
    const sent = api()
    const user = userEvent.setup()
    open()
    await screen.findByTestId('email-records')
    await user.click(screen.getByTestId('email-check'))
    await waitFor(() => expect(sent.filter((s) => s.path === '/api/services/mail/x/dns').length).toBe(2))
  })
  it('keeps the panels that it does not know, and the links for programs', async () => {
    api()
    open()
    expect(await screen.findByText('nothing')).toBeTruthy()
    expect(screen.queryByTestId('panel-/dns')).toBeNull()
    expect(screen.getByTestId('client-url').textContent).toBe('https://autoconfig.home.cell/mail/ios.mobileconfig')
  })
  it('says so when there is nothing, and when the server does not answer', async () => {
    api({ 'GET /api/services/mail/x/addresses': [200, { items: [] }], 'GET /api/services/mail/x/dns': [503, { type: 'urn:cell:problem:unavailable', title: 'unavailable', status: 503, detail: "container 'server' does not run" }] })
    open()
    expect(await screen.findByText('There are no addresses yet')).toBeTruthy()
    expect((await screen.findAllByRole('alert')).length).toBe(1)
  })
  it('shows people who are no administrators neither addresses nor records', async () => {
    const sent = api()
    open({ session: { user: { id: 'u1', name: 'Ada', role: 'peer' }, csrf_token: 'x', expires_at: '2030-01-01T00:00:00Z', idle_expires_at: '2030-01-01T00:00:00Z' } })
    expect(await screen.findByTestId('client-url')).toBeTruthy()
    expect(sent.filter((s) => s.path.includes('/x/'))).toEqual([])
  })
})

describe('answers of the mail service', () => {
  it('are read with care', () => {
    expect(readAddresses({ items: [{ address: 'a@b', kind: 'new', targets: ['x', 3] }, { address: 7 }] })).toEqual([{ address: 'a@b', kind: 'alias', targets: ['x'] }, { address: '', kind: 'alias', targets: [] }])
    expect(readRecords({ items: [{ name: '@', type: 'MX', value: 'v', state: 'odd' }] })).toEqual([{ name: '@', type: 'MX', value: 'v', found: '', state: 'unknown' }])
    expect(readRecords(null)).toEqual([])
    expect(othersOf({ address: 'a', kind: 'mailbox', targets: ['a', 'b'] })).toEqual(['b'])
  })
  it('replace panels of the mail service only', () => {
    const read = readPanels(panels, 'en')
    expect(emailPanels('mail', read)).toEqual(['/addresses', '/dns'])
    expect(emailPanels('calendar', read)).toEqual([])
    expect(emailPanels('mail', read.slice(1))).toEqual([])
  })
})
