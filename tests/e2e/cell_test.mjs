// The product's main job on real parts: from `make start` through the wizard to a device that is connected, resolves names and
// opens the cell's pages; then every page in the browser, with the cell's root as only trust.
//   node --test tests/e2e/cell_test.mjs      after the images and the web UI were built; pictures go to build/e2e/
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { openBrowser } from './browser.mjs'
import { pictures, testPages } from './pages.mjs'
import { Ui } from './ui.mjs'
import { World, eventually } from './world.mjs'

const password = 'a good long phrase'
const pages = { home: '/', peers: '/peers', network: '/network', wireguard: '/wireguard', containers: '/containers', logs: '/logs', settings: '/settings' }

let world, lan, laptop, ui, secure
let started = ''

before(async () => {
  world = await World.up('t-e2e', 251)
  started = world.start()
  lan = await openBrowser({ space: world.space })
  laptop = world.device('laptop')
})
after(async () => {
  await Promise.all([lan?.close(), secure?.close()])
  world?.down()
})

test('make start says where to go and what to type', () => {
  assert.match(started, new RegExp(`:${world.ports.WEBUI_PORT}/setup`))
  assert.ok(started.includes(world.setupCode()))
})

test('the wizard, opened from the LAN, ends with the first device connected', async () => {
  ui = new Ui(await lan.newPage(), world.lan)
  const answers = { code: world.setupCode(), endpoint: world.address, timezone: 'Europe/Vienna', admin: 'ann', password, device: 'laptop' }
  const { preflight, config } = await ui.setUp(answers)
  assert.equal(preflight.engine, 'ok')
  await ui.picture(`${pictures}setup-done.png`)

  laptop.connect(config)
  await ui.handshake()
  await ui.picture(`${pictures}setup-connected.png`)
  await ui.finishSetUp()
  assert.deepEqual(await ui.devices(), { laptop: 'online' })
})

test('the device resolves the cell, opens its pages with the root as only trust, and gets the time', async () => {
  assert.equal(laptop.lookUp('home.cell'), '10.13.13.1')
  laptop.write('/etc/root.pem', readFileSync(await world.rootCertificate(), 'utf8'))
  assert.match(laptop.fetch('https://home.cell/', '--cacert', '/etc/root.pem') ?? '', /<div id="root">/)
  assert.equal(laptop.fetch('https://home.cell/'), null)
  const time = laptop.run('chronyd', '-Q', '-t', '15', 'server home.cell iburst maxsamples 1')
  assert.match(time.out + time.err, /System clock wrong by/)
})

test('a name that the owner adds resolves on the device', async () => {
  await ui.addRecord({ name: 'nas', value: '192.168.7.7' })
  assert.ok(await eventually(() => laptop.lookUp('nas.home.cell') === '192.168.7.7'))
  assert.match(await ui.lookUp('nas.home.cell'), /192\.168\.7\.7/)
  await ui.deleteRecord('nas')
  assert.ok(await eventually(() => laptop.lookUp('nas.home.cell') === ''))
})

test('a device that is turned off loses access within two seconds, and gets it back', async () => {
  await ui.turnDevice('laptop', false)
  const since = Date.now()
  while (laptop.fetch('http://home.cell/pki/root.pem', '--connect-timeout', '1') !== null) assert.ok(Date.now() - since < 2000)
  assert.deepEqual(await ui.devices(), { laptop: 'disabled' })
  await ui.turnDevice('laptop', true)
  // WireGuard asks for a new handshake after fifteen silent seconds.
  assert.ok(await eventually(() => laptop.lookUp('home.cell'), 40))
})

test('the browser trusts https://home.cell through the cell’s root', async () => {
  secure = await openBrowser({ space: world.space, rootCertificate: await world.rootCertificate(), resolve: { 'home.cell': '127.0.0.1' } })
  ui = new Ui(await secure.newPage(), `https://home.cell:${world.ports.HTTPS_PORT}`)
  await ui.logIn('ann', password)
  assert.equal(await ui.page.evaluate(() => isSecureContext), true)
})

test('a second device with a key of this browser connects and turns green by itself', async () => {
  const tablet = world.device('tablet')
  tablet.connect(await ui.addDevice('tablet', { policy: { internet: false, lan: false, services: true, peers: false } }))
  await ui.handshake()
  await ui.closeDevice()
  assert.ok(tablet.lookUp('home.cell'))
  assert.equal(tablet.fetch(`http://198.18.${world.number}.2/`), null)
  assert.match(laptop.fetch(`http://198.18.${world.number}.2/`) ?? '', /far host/)
  await ui.deleteDevice('tablet')
})

test('a link enrols a phone without a login', async () => {
  await ui.addDevice('phone', { key: 'server' })
  await ui.closeDevice()
  const link = await ui.enrolmentLink('phone')
  const stranger = new Ui(await secure.newPage(), ui.origin)
  const phone = world.device('phone')
  phone.connect(await stranger.enrol(link))
  assert.ok(await eventually(() => phone.lookUp('home.cell')))
})

test('a person sees their own devices and no page of the administrator', async () => {
  await ui.addPerson({ name: 'carla', password })
  const carla = new Ui(await secure.newPage(), ui.origin)
  await carla.logIn('carla', password)
  assert.deepEqual(await carla.devices(), {})
  await carla.addDevice('watch')
  await carla.closeDevice()
  assert.deepEqual(Object.keys(await carla.devices()), ['watch'])
  assert.equal(await carla.page.getByTestId('nav-logs').count(), 0)
  assert.equal(await carla.page.evaluate(async () => (await fetch('/api/logs')).status), 403)
})

test('a container is restarted from its page', async () => {
  await ui.restartContainer('t-e2e-ntp')
})

testPages(pages, () => ui)
