// Holds ui.mjs to the pages it drives, without a cell: the built UI in front of the mock server.
//   npm --prefix webui run build && node --test tests/e2e/
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
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
