// Holds ui.mjs to the pages it drives, without a cell: the built UI in front of the mock server.
//   npm --prefix webui run build && node --test tests/e2e/
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { startMock } from '../../webui/dev/mock-server.mjs'
import { openBrowser } from './browser.mjs'
import { Ui } from './ui.mjs'

const password = 'correct horse battery'
const config = /^\[Interface\]\nPrivateKey = [A-Za-z0-9+/]{43}=\nAddress = [\s\S]*\n\[Peer\]\nPublicKey = /
let browser
before(async () => { browser = await openBrowser() })
after(() => browser.close())

function freePort() {
  return new Promise((done) => { const s = createServer().listen(0, '127.0.0.1', () => { const { port } = s.address(); s.close(() => done(port)) }) })
}
async function withMock(options, act) {
  const port = await freePort()
  const mock = startMock({ port, ...options })
  const page = await browser.newPage()
  const ui = new Ui(page, `http://127.0.0.1:${port}`)
  try {
    await act(ui, mock)
    assert.deepEqual(ui.complaints, [])
  } finally {
    await page.context().close()
    mock.close()
  }
}

test('the wizard ends with the first device connected', () => withMock({ setup: true, peers: 0 }, async (ui, mock) => {
  const { preflight, config: text } = await ui.setUp({ code: 'ABCD-1234', cellName: 'attic', password, device: 'phone' })
  assert.equal(preflight.engine, 'ok')
  assert.match(text, config)
  await ui.handshake()
  await ui.finishSetUp()
  assert.deepEqual(await ui.devices(), { phone: 'online' })
  assert.equal(mock.data.peers[0].key_origin, 'browser')
}))

test('a device is added, turned off, given a new key and deleted', () => withMock({ empty: true }, async (ui, mock) => {
  await ui.logIn('admin', password)
  assert.match(await ui.addDevice('tablet', { policy: { internet: false, lan: true } }), config)
  await ui.handshake()
  await ui.closeDevice()
  assert.deepEqual(mock.data.peers[0].policy, { internet: false, services: true, lan: true, peers: false })
  await ui.turnDevice('tablet', false)
  assert.deepEqual(await ui.devices(), { tablet: 'disabled' })
  const before = mock.data.peers[0].public_key
  assert.match(await ui.rekeyDevice('tablet'), config)
  assert.notEqual(mock.data.peers[0].public_key, before)
  await ui.deleteDevice('tablet')
  assert.deepEqual(await ui.devices(), {})
}))

test('a key of the cell is shown once', () => withMock({ empty: true }, async (ui) => {
  await ui.logIn('admin', password)
  await ui.addDevice('tv', { key: 'server' })
  assert.match(await ui.revealConfig('tv'), config)
  await ui.pick('tv', 'qr')
  await ui.see('qr-rekey')
}))

test('a link enrols a device without a login', () => withMock({}, async (ui) => {
  await ui.logIn('admin', password)
  const url = await ui.enrolmentLink('anna-phone')
  await ui.page.keyboard.press('Escape')
  await ui.logOut()
  assert.match(await ui.enrol(url), config)
}))

test('people, records, tokens and diagnosis', () => withMock({}, async (ui) => {
  await ui.logIn('admin', password)
  await ui.addPerson({ name: 'carla', password })
  await ui.editPerson('carla', { name: 'clara', role: 'admin' })
  await ui.see('person-clara')
  await ui.addRecord({ name: 'nas', value: '192.168.1.9' })
  assert.match(await ui.lookUp('nas.home.cell'), /NOERROR/)
  await ui.deleteRecord('nas')
  assert.match(await ui.makeToken('backup'), /^cell_[\w-]{43}$/)
  assert.deepEqual(await ui.diagnose('anna-phone'), { handshake: 'problem', port: 'unknown', route: 'ok', dns: 'ok' })
  assert.equal(await ui.health(), 'problem')
}))

test('a person sees their own devices and nothing of the administrator', () => withMock({}, async (ui) => {
  await ui.logIn('anna', password)
  assert.deepEqual(Object.keys(await ui.devices()).sort(), ['anna-laptop', 'camera-garden', 'living-room-tv'])
  assert.match(await ui.addDevice('watch'), config)
  await ui.closeDevice()
  await ui.open('/containers')
  await ui.see('add-device')
  assert.equal(await ui.page.getByTestId('nav-logs').count(), 0)
}))

test('a service is installed through its options and its plan', () => withMock({}, async (ui, mock) => {
  await ui.logIn('admin', password)
  assert.deepEqual(await ui.packages(), { calendar: 'installed', mail: 'available', files: 'update_available', 'org.example.notes': 'available', tor: 'incompatible', speedtest: 'available' })
  await ui.installService('mail', { hostname: 'post.home.cell', protection: 'strict', max_message_mb: 40, open_to_internet: false, 'relay/port': 25 })
  assert.deepEqual(mock.data.store.sent, {
    version: '2.0.0', plan_token: 'plan-1',
    options: { hostname: 'post.home.cell', protection: 'strict', max_message_mb: 40, open_to_internet: false, blocked: [], relay: { port: 25 } },
  })
  assert.equal((await ui.packages()).mail, 'installed')
  await ui.see('nav-service-mail')
}))

test('what the cell refuses is said at its field, and nothing begins', () => withMock({}, async (ui, mock) => {
  await ui.logIn('admin', password)
  await ui.open('/store/mail?dialog=install')
  await ui.fill('option-max_message_mb', '900')
  await ui.click('install-next')
  assert.equal(await ui.id('option-max_message_mb').getAttribute('aria-invalid'), 'true')
  await ui.fill('option-max_message_mb', '25')
  await ui.fill('option-hostname', 'localhost')
  await ui.click('install-next')
  await ui.page.locator('[data-testid=option-hostname][aria-invalid=true]').waitFor()
  await ui.fill('option-hostname', 'mail.home.cell')
  await ui.fill('option-max_message_mb', '99')
  await ui.click('install-next')
  await ui.see('plan-conflict-25')
  assert.equal(await ui.id('plan-act').isDisabled(), true)
  assert.equal(mock.data.store.sent, undefined)
}))

test('an installation goes on when its dialog and its tab are closed', () => withMock({}, async (ui, mock) => {
  await ui.logIn('admin', password)
  await ui.open('/store/speedtest?dialog=install')
  await ui.click('plan-act')
  await ui.see('job-dialog')
  await ui.open('/login')
  await ui.open('/store/speedtest')
  await ui.page.locator('[data-testid=store-button-speedtest][data-state=installing], [data-testid=store-to-service]').first().waitFor()
  await ui.see('store-to-service')
  assert.equal(mock.data.store.services.some((s) => s.id === 'speedtest'), true)
}))

test('a service is configured, updated, stopped, started and removed', () => withMock({}, async (ui, mock) => {
  await ui.logIn('admin', password)
  await ui.configureService('calendar', { days: 60 })
  assert.deepEqual(mock.data.store.services.find((s) => s.id === 'calendar').options, { days: 60 })
  await ui.updateService('files')
  assert.equal(mock.data.store.services.find((s) => s.id === 'files').version, '1.1.0')
  await ui.turnService('calendar', 'stop', 'service-start')
  await ui.turnService('calendar', 'start', 'service-open')
  await ui.removeService('calendar')
  assert.equal(mock.data.store.purged, 'false')
  await ui.removeService('files', { purge: 'Files' })
  assert.equal(mock.data.store.purged, 'true')
  assert.deepEqual(mock.data.store.services, [])
}))

test('an app password is shown once with the settings of the program, and revoked', () => withMock({}, async (ui, mock) => {
  await ui.logIn('anna', password)
  const made = await ui.appPassword('calendar', 'tablet')
  assert.deepEqual(made, { password: 'k7vq-2mxa-9tfd-wz4n-c6rp-3hys', clients: { caldav: 'https://calendar.home.cell/anna/', carddav: 'https://calendar.home.cell/anna/', login: 'anna' } })
  assert.equal(await ui.page.getByText(made.password).count(), 0)
  assert.deepEqual(mock.data.store.passwords.filter((p) => p.person === 'anna').map((p) => p.label), ['laptop', 'tablet'])
  await ui.revokePassword('calendar', 'tablet')
  assert.deepEqual(mock.data.store.passwords.filter((p) => p.person === 'anna').map((p) => p.label), ['laptop'])
  assert.equal(await ui.page.getByTestId('service-menu').count(), 0)
  await ui.open('/services')
  await ui.see('add-device')
}))

test('accounts, panels, sources and plugins are worked from their pages', () => withMock({}, async (ui, mock) => {
  await ui.logIn('admin', password)
  await ui.open('/services/files?tab=accounts')
  await ui.click('account-quota-anna')
  await ui.fill('quota-mb', '8000')
  await ui.click('quota-save')
  await ui.see('toast-ok')
  assert.equal(mock.data.store.quotas.u2, 8000)
  await ui.open('/services/calendar')
  await ui.click('panel-create-/collections')
  await ui.fill('option-name', 'Garden')
  await ui.click('panel-act')
  await ui.click('panel-delete-Garden')
  await ui.click('confirm-act')
  await ui.page.getByTestId('panel-delete-Garden').waitFor({ state: 'detached' })
  await ui.open('/services?tab=sources&dialog=source')
  for (const [field, text] of Object.entries({ name: 'friends', location: 'https://friends.example.org/', key: 'MCowBQYDK2VwAyEA' })) await ui.fill(`source-${field}`, text)
  await ui.click('source-save')
  await ui.see('source-state-friends')
  await ui.click('source-remove-friends')
  await ui.click('confirm-act')
  await ui.page.getByTestId('source-state-friends').waitFor({ state: 'detached' })
  await ui.open('/settings/plugins')
  await ui.click('plugin-release-org.example.camera')
  await ui.page.getByTestId('plugin-release-org.example.camera').waitFor({ state: 'detached' })
  await ui.click('plugin-isolated-calendar')
  await ui.page.locator('[data-testid=plugin-isolated-calendar][aria-checked=true]').waitFor()
  assert.equal(mock.data.store.plugins[0].mode, 'isolated')
}))

test('files are uploaded, resumed, renamed, moved, shared and deleted', () => withMock({}, async (ui, mock) => {
  const { tree } = mock.data.files
  const upload = (name, size) => ui.page.getByTestId('files-input').setInputFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.alloc(size, name) })
  const uploaded = (name, state) => ui.page.locator(`[data-testid="upload-${name}"][data-state=${state}]`).waitFor({ timeout: 20_000 })
  const pick = async (name, act) => { await ui.click(`file-menu-${name}`); await ui.click(`file-${act}`) }
  await ui.logIn('anna', password)
  await ui.open('/files')
  await ui.see('files-table')
  mock.data.files.broken = 1
  await upload('video.bin', 150_001)
  await uploaded('video.bin', 'done')
  assert.deepEqual(tree.get('/video.bin').body, Buffer.alloc(150_001, 'video.bin'))
  await upload('notes.txt', 10)
  await uploaded('notes.txt', 'exists')
  assert.equal(tree.get('/notes.txt').body.toString(), 'Buy bread.\nWater the plants.\n')
  await ui.click('upload-replace-notes.txt')
  await uploaded('notes.txt', 'done')
  assert.equal(tree.get('/notes.txt').body.length, 10)
  await ui.click('files-folder')
  await ui.fill('name-text', 'Old')
  await ui.click('name-save')
  await ui.see('file-Old')
  await pick('video.bin', 'rename')
  await ui.fill('name-text', 'film.bin')
  await ui.click('name-save')
  await pick('film.bin', 'move')
  await ui.click('move-into-Old')
  await ui.click('move-act')
  await ui.click('file-Old')
  await ui.see('file-film.bin')
  assert.equal(tree.has('/Old/film.bin'), true)
  await pick('film.bin', 'share')
  await ui.click('share-create')
  assert.match(await ui.text('share-url'), /^https:\/\/files\.home\.cell\/s\/[\w-]{43}$/)
  await ui.page.keyboard.press('Escape')
  await pick('film.bin', 'delete')
  await ui.click('confirm-act')
  await ui.see('empty-state')
  assert.equal(tree.has('/Old/film.bin'), false)
}))

test('an upload that was broken off by a reload goes on when the file is chosen again', () => withMock({}, async (ui, mock) => {
  const { files } = mock.data
  await ui.logIn('admin', password)
  const body = Buffer.from(Array.from({ length: 100_000 }, (_, i) => i % 251))
  files.uploads.set('half', { shown: { id: 'half', path: '/big.bin', size: body.length, offset: 60_000, created: new Date().toISOString(), expires: new Date().toISOString() }, parts: [body.subarray(0, 60_000)] })
  await ui.open('/files')
  await ui.see('files-table')
  const folder = mkdtempSync(join(tmpdir(), 'cell-e2e-half-'))
  writeFileSync(join(folder, 'big.bin'), body)
  // As the browser sees it, to the millisecond.
  files.uploads.get('half').shown.modified = new Date(Math.floor(statSync(join(folder, 'big.bin')).mtimeMs)).toISOString()
  await ui.page.getByTestId('files-input').setInputFiles(join(folder, 'big.bin'))
  await ui.page.locator('[data-testid="upload-big.bin"][data-state=done]').waitFor()
  assert.deepEqual(files.tree.get('/big.bin').body, body)
  assert.equal(files.uploads.size, 0)
  rmSync(folder, { recursive: true })
}))

test('every page of services says so while it loads, when there is nothing and when it fails', async () => {
  const pages = ['/services', '/services?tab=sources', '/settings/plugins']
  const look = (options, paths, testid) => withMock(options, async (ui, mock) => {
    Object.assign(mock.state, { failing: false, hanging: false })
    await ui.logIn('admin', password)
    Object.assign(mock.state, { failing: !!options.fail, hanging: !!options.hang })
    for (const path of paths) {
      // Requests that hang keep the browser's connections until the page that made them is gone.
      await ui.page.goto('about:blank')
      await ui.open(path)
      await ui.see(testid)
    }
  })
  await look({ empty: true }, [...pages, '/files'], 'empty-state')
  await look({ fail: true }, [...pages, '/store/mail', '/services/calendar', '/files'], 'error-state')
  await look({ hang: true }, [...pages, '/store/mail', '/services/calendar', '/files'], 'skeleton')
})

test('the store and an installation are worked by keyboard alone', () => withMock({}, async (ui, mock) => {
  await ui.logIn('admin', password)
  const { keyboard } = ui.page
  await keyboard.press('Control+k')
  await keyboard.type('Install Speed')
  await ui.page.locator('[role=option]').first().waitFor()
  await keyboard.press('Enter')
  await ui.see('plan')
  for (let i = 0; i < 8 && await ui.page.evaluate(() => document.activeElement?.dataset.testid) !== 'plan-act'; i++) await keyboard.press('Tab')
  await keyboard.press('Enter')
  await ui.see('job-dialog')
  await keyboard.press('Escape')
  await ui.page.getByTestId('job-dialog').waitFor({ state: 'detached' })
  await ui.see('store-to-service')
  assert.equal(mock.data.store.services.some((s) => s.id === 'speedtest'), true)
}))

// A root of our own, a certificate for home.cell, and TLS in front of the mock.
function authority(folder) {
  const run = (...args) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
  run('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=test root', '-keyout', 'root.key', '-out', 'root.crt')
  run('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-subj', '/CN=home.cell', '-keyout', 'leaf.key', '-out', 'leaf.csr')
  writeFileSync(join(folder, 'ext'), 'subjectAltName=DNS:home.cell\n')
  run('x509', '-req', '-in', 'leaf.csr', '-CA', 'root.crt', '-CAkey', 'root.key', '-CAcreateserial', '-days', '1', '-extfile', 'ext', '-out', 'leaf.crt')
  return { key: readFileSync(join(folder, 'leaf.key')), cert: readFileSync(join(folder, 'leaf.crt')) }
}

test('a certificate is trusted through the given root, and only through it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cell-e2e-root-'))
  const port = await freePort()
  const mock = startMock({ port })
  const tls = createTlsServer(authority(folder), (req, res) => {
    req.pipe(request({ port, host: '127.0.0.1', path: req.url, method: req.method, headers: req.headers }, (answer) => { res.writeHead(answer.statusCode, answer.headers); answer.pipe(res) }))
  })
  await new Promise((done) => tls.listen(0, '127.0.0.1', done))
  const origin = `https://home.cell:${tls.address().port}`
  const resolve = { 'home.cell': '127.0.0.1' }
  const trusting = await openBrowser({ rootCertificate: join(folder, 'root.crt'), resolve })
  const doubting = await openBrowser({ resolve })
  try {
    const ui = new Ui(await trusting.newPage(), origin)
    await ui.logIn('admin', password)
    assert.equal(await ui.page.evaluate(() => isSecureContext), true)
    await assert.rejects((await doubting.newPage()).goto(origin), /ERR_CERT_AUTHORITY_INVALID/)
  } finally {
    await Promise.all([trusting.close(), doubting.close()])
    tls.closeAllConnections()
    tls.close()
    mock.close()
    rmSync(folder, { recursive: true, force: true })
  }
})
