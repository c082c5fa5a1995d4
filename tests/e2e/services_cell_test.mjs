// Services as their owner meets them, on real parts: from the store to a service that runs, its files in the browser, and away again.
//   node --test tests/e2e/services_cell_test.mjs      after the images and the web UI were built; pictures go to build/e2e/
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { openBrowser } from './browser.mjs'
import { pictures, testPages } from './pages.mjs'
import { Ui } from './ui.mjs'
import { World, eventually } from './world.mjs'

const password = 'a good long phrase'
const size = 20 * 1024 * 1024 + 12_345
const chunk = 8 * 1024 * 1024

let world, browser, ui, root, origin
const scratch = mkdtempSync(join(tmpdir(), 'cell-e2e-files-'))
const film = join(scratch, 'film.bin')
const bytes = randomBytes(size)
const sum = (data) => createHash('sha256').update(data).digest('hex')

before(async () => {
  writeFileSync(film, bytes)
  world = await World.up('t-shop', 252)
  world.start()
  const lan = await openBrowser({ space: world.space })
  try {
    const wizard = new Ui(await lan.newPage(), world.lan)
    await wizard.setUp({ code: world.setupCode(), endpoint: world.address, timezone: 'Europe/Vienna', admin: 'ann', password, device: '' })
    await wizard.finishSetUp()
  } finally {
    await lan.close()
  }
  root = await world.rootCertificate()
  browser = await openBrowser({ space: world.space, rootCertificate: root, resolve: { 'home.cell': '127.0.0.1', '*.home.cell': '127.0.0.1' } })
  origin = `https://home.cell:${world.ports.HTTPS_PORT}`
  ui = new Ui(await browser.newPage(), origin)
})
after(async () => {
  await browser?.close()
  world?.down()
  rmSync(scratch, { recursive: true, force: true })
})

/** As a program on a device: status and body. */
function dav(method, path, login, ...more) {
  const out = execFileSync('curl', ['-sS', '--max-time', '30', '--cacert', root, '--resolve', `files.home.cell:${world.ports.HTTPS_PORT}:127.0.0.1`, '-u', login, '-X', method, '-w', '\n%{http_code}', ...more, `https://files.home.cell:${world.ports.HTTPS_PORT}/dav${path}`], { encoding: 'utf8' })
  const at = out.lastIndexOf('\n')
  return { status: Number(out.slice(at + 1)), body: out.slice(0, at) }
}
/** A line as slow as many a home's, so that something can happen while a file is on its way. */
async function slowLine(page, bytesPerSecond) {
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  await session.send('Network.emulateNetworkConditions', { offline: false, latency: 5, downloadThroughput: -1, uploadThroughput: bytesPerSecond })
  return () => session.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 })
}
const sentSoFar = (page, least) => page.waitForFunction((n) => (document.querySelector('[data-testid=uploads] progress')?.value ?? 0) > n, least, { timeout: 60_000 })

test('the store says in words what Files may do', async () => {
  await ui.logIn('ann', password)
  assert.equal((await ui.packages()).files, 'available')
  await ui.click('store-link-files')
  await ui.see('store-reasons')
  const words = await ui.text('store-reasons')
  assert.match(words, /Runs the file server/)
  assert.match(words, /Devices reach it under the name files/)
  assert.match(words, /Each person has a folder and app passwords/)
})

test('Files is installed with its form and its plan, up to healthy', async () => {
  await ui.installService('files', { default_quota_mb: 500 })
  assert.equal((await ui.packages()).files, 'installed')
  await ui.open('/services/files')
  await ui.see('service-state')
  assert.match(await ui.text('service-state'), /Running/)
  assert.ok(world.containers().includes('t-shop-files-server'))
})

test('a person gets an app password, with which a program keeps a file', async () => {
  await ui.addPerson({ name: 'carla', password })
  const made = await ui.appPasswordFor('files', 'carla', 'laptop')
  assert.ok(await eventually(() => dav('PUT', '/from-laptop.txt', `carla:${made}`, '--data-binary', 'written by a program').status === 201))
  assert.equal(dav('PUT', '/x.txt', 'carla:wrong', '--data-binary', 'x').status, 401)
})

test('that person sees it in the browser, and nobody else does', async () => {
  const carla = new Ui(await browser.newPage(), origin)
  await carla.logIn('carla', password)
  await carla.openFiles()
  await carla.click('file-from-laptop.txt')
  assert.equal(await carla.text('preview-text'), 'written by a program')
  assert.deepEqual(carla.complaints, [])
  await carla.page.context().close()
})

test('the policy of the page names the files host and nothing else', async () => {
  const policy = await ui.page.evaluate(async () => (await fetch('/files')).headers.get('Content-Security-Policy'))
  assert.ok(policy.includes(`connect-src 'self' https://files.home.cell:${world.ports.HTTPS_PORT}/_cell/;`), policy)
  const plain = await (await fetch(`${world.lan}/files`)).headers.get('Content-Security-Policy')
  assert.ok(plain.includes("connect-src 'self';"), plain)
})

test('Files opens from the rail of a page that is older than the service', async () => {
  // The install ran in a page whose policy knows no files host: the page is loaded anew, by itself, once.
  const older = new Ui(await browser.newPage(), origin)
  const body = await (await fetch(`${world.lan}/login`)).text()
  const policy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:"
  await older.page.route('**/login', (route) => route.fulfill({ contentType: 'text/html', headers: { 'content-security-policy': policy }, body }), { times: 1 })
  const loaded = []
  older.page.on('request', (r) => { if (r.isNavigationRequest()) loaded.push(new URL(r.url()).pathname) })
  await older.logIn('ann', password)
  await older.openFiles()
  await older.see('empty-state')
  assert.deepEqual(loaded, ['/login', '/files'])
  await older.page.context().close()
})

test('20 MB are uploaded with their progress, through a restart of the proxy, and come back byte for byte', async () => {
  await ui.open('/')
  await ui.openFiles()
  const fast = await slowLine(ui.page, 4e6)
  await ui.chooseFiles(film)
  await sentSoFar(ui.page, 1e6)
  await ui.picture(`${pictures}files-uploading.png`)
  await sentSoFar(ui.page, chunk + 1e6)
  world.restart('caddy')
  await fast()
  await ui.uploaded('film.bin', 120_000)
  assert.equal(sum(await ui.downloadFile('film.bin')), sum(bytes))
})

test('an upload that a reload broke off goes on where it was', async () => {
  await ui.makeFolder('Again')
  await ui.click('file-Again')
  await ui.see('empty-state')
  const fast = await slowLine(ui.page, 4e6)
  await ui.chooseFiles(film)
  await sentSoFar(ui.page, chunk + 1e5)
  await ui.page.reload()
  await ui.see('empty-state')
  await fast()
  const first = ui.page.waitForRequest((r) => r.method() === 'PATCH')
  await ui.chooseFiles(film)
  assert.ok(Number((await first).headers()['upload-offset']) >= chunk)
  await ui.uploaded('film.bin', 60_000)
  assert.equal(sum(await ui.downloadFile('film.bin')), sum(bytes))
  await ui.deleteFile('film.bin')
})

test('files are renamed, moved and looked at', async () => {
  const picture = await ui.page.screenshot()
  await ui.openFiles('/')
  await ui.chooseFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('Buy bread') }, { name: 'view.png', mimeType: 'image/png', buffer: picture }, { name: 'tone.wav', mimeType: 'audio/wav', buffer: tone() }, { name: 'paper.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n') })
  for (const name of ['notes.txt', 'view.png', 'tone.wav', 'paper.pdf']) await ui.uploaded(name)
  await ui.renameFile('film.bin', 'holiday.bin')
  await ui.moveFile('holiday.bin', 'Again')

  await ui.click('file-notes.txt')
  assert.equal(await ui.text('preview-text'), 'Buy bread')
  await ui.page.keyboard.press('Escape')
  await ui.click('file-view.png')
  await ui.see('preview-image')
  assert.ok(await eventually(() => ui.id('preview-image').evaluate((e) => e.naturalWidth > 0)))
  await ui.picture(`${pictures}files-preview.png`)
  await ui.page.keyboard.press('Escape')
  await ui.click('file-tone.wav')
  assert.ok(await eventually(() => ui.page.locator('audio').evaluate((e) => e.duration > 0.9)))
  await ui.page.keyboard.press('Escape')
  const [tab] = await Promise.all([ui.page.context().waitForEvent('page'), ui.click('file-paper.pdf')])
  assert.match(tab.url() || await tab.waitForURL(/paper/).then(() => tab.url()), /^(about:blank|https:\/\/files\.home\.cell)/)
  await tab.close()
})

test('a restart of the cell is not noticed in the files page', async () => {
  world.restart('api')
  assert.ok(await eventually(async () => (await fetch(`http://127.0.0.1:${world.ports.API_PORT}/health`).catch(() => null))?.ok, 60))
  await ui.click('file-Again')
  await ui.see('file-holiday.bin')
})

test('a link opens without a login, reads one file, and ends when it is taken back', async () => {
  const url = await ui.shareFile('holiday.bin')
  assert.ok(url.startsWith(`https://files.home.cell:${world.ports.HTTPS_PORT}/s/`), url)
  const stranger = await browser.newPage()
  const [download] = await Promise.all([stranger.waitForEvent('download', { timeout: 60_000 }), stranger.goto(url).catch(() => undefined)])
  assert.equal(sum(readFileSync(await download.path())), sum(bytes))
  await ui.pickFile('holiday.bin', 'share')
  await ui.page.locator('[data-testid^=share-revoke-]').first().click()
  await ui.page.locator('[data-testid^=share-revoke-]').waitFor({ state: 'detached' })
  assert.equal((await stranger.goto(url)).status(), 404)
  await ui.page.keyboard.press('Escape')
  await stranger.context().close()
})

test('nobody without a login gets at files', async () => {
  const stranger = await browser.newPage()
  await stranger.goto(`https://files.home.cell:${world.ports.HTTPS_PORT}/_cell/v1/list?path=/`)
  assert.match(stranger.url(), /^https:\/\/home\.cell:\d+\/login/)
  await stranger.context().close()
})

test('by another address the page says where to go', async () => {
  const house = new Ui(await browser.newPage(), world.lan)
  await house.logIn('ann', password)
  await house.open('/files')
  await house.see('files-elsewhere')
  assert.equal(await house.id('files-elsewhere').getAttribute('href'), `${origin}/files`)
  await house.page.context().close()
  ui.complaints.length = 0 // those of the restarts above
})

const pages = { store: '/services', 'store-item': '/store/files', install: '/store/downloads?dialog=install', service: '/services/files', 'service-accounts': '/services/files?tab=accounts', files: '/files' }
testPages(pages, () => ui)

test('files are deleted, then the service with all that it kept', async () => {
  await ui.page.setViewportSize({ width: 1280, height: 900 })
  await ui.openFiles('/Again')
  await ui.deleteFile('holiday.bin')
  await ui.see('empty-state')
  assert.ok(world.volumes().some((v) => v.includes('files')))
  await ui.removeService('files', { purge: 'Files' })
  assert.ok(await isGone('files'))
  const policy = await ui.page.evaluate(async () => (await fetch('/files')).headers.get('Content-Security-Policy'))
  assert.ok(policy.includes("connect-src 'self';"), policy)
})

test('a service without code is installed up to healthy, and opened', async () => {
  await ui.installService('downloads', { password: 'eight letters at least' }, 400_000)
  await ui.open('/services/downloads')
  await ui.see('service-open')
  assert.match(await ui.text('service-state'), /Running/)
  await ui.picture(`${pictures}service-downloads.png`)
  await ui.removeService('downloads', { purge: 'Downloads' })
  assert.ok(await isGone('downloads'))
})

/** The rail loses a service at the beginning of its end. */
function isGone(id) { return eventually(() => ![...world.containers(), ...world.volumes()].some((name) => name.startsWith(`t-shop-${id}-`)), 60) }

/** A second of 440 Hz, 8 bits. */
function tone() {
  const rate = 8000
  const head = Buffer.alloc(44)
  head.write('RIFF', 0)
  head.writeUInt32LE(36 + rate, 4)
  head.write('WAVEfmt ', 8)
  head.writeUInt32LE(16, 16)
  head.writeUInt16LE(1, 20)
  head.writeUInt16LE(1, 22)
  head.writeUInt32LE(rate, 24)
  head.writeUInt32LE(rate, 28)
  head.writeUInt16LE(1, 32)
  head.writeUInt16LE(8, 34)
  head.write('data', 36)
  head.writeUInt32LE(rate, 40)
  return Buffer.concat([head, Buffer.from(Array.from({ length: rate }, (_, i) => 128 + Math.round(60 * Math.sin((i * 2 * Math.PI * 440) / rate))))])
}
