// Takes every page at two widths in both themes into dev/shots/, and runs axe on each. Needs a build (npm run build).
//   node dev/shots.mjs [part of a page's name …]
import { mkdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { chromium } from 'playwright-core'
import { startMock } from './mock-server.mjs'

const out = new URL('./shots/', import.meta.url).pathname
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const wanted = process.argv.slice(2)
const click = (id) => async (page) => { await page.getByTestId(id).first().click() }
const steps = (...list) => async (page) => { for (const s of list) await s(page) }
const wait = (ms) => (page) => page.waitForTimeout(ms)
const fill = (id, text) => (page) => page.getByTestId(id).fill(text)

const pages = [
  { name: 'home', path: '/' },
  { name: 'health', path: '/', act: click('health-sentence') },
  { name: 'peers', path: '/peers', act: wait(4500) },
  { name: 'add-device-1', path: '/peers?dialog=add' },
  { name: 'add-device-2', path: '/peers?dialog=add', act: steps(fill('device-name', 'tablet'), click('device-next')) },
  { name: 'add-device-3', path: '/peers?dialog=add', act: steps(fill('device-name', 'tablet'), click('device-next'), click('device-next'), (p) => p.getByTestId('handshake-received').waitFor()) },
  { name: 'peer', path: '/peers/p0' },
  { name: 'peer-edit', path: '/peers/p0?dialog=edit' },
  { name: 'peer-qr', path: '/peers/p1?dialog=qr' },
  { name: 'peer-link', path: '/peers/p0?dialog=link', act: click('link-create') },
  { name: 'peer-diagnosis', path: '/peers/p0?dialog=diagnosis' },
  { name: 'peer-delete', path: '/peers/p0?dialog=delete' },
  { name: 'network-records', path: '/network' },
  { name: 'network-add', path: '/network', act: steps(click('dns-add'), fill('dns-name', 'nas'), fill('dns-value', 'nonsense'), click('dns-save'), wait(300)) },
  { name: 'network-generated', path: '/network?tab=generated' },
  { name: 'network-resolver', path: '/network?tab=resolver', act: steps(fill('lookup-name', 'home.cell'), click('lookup-ask'), wait(200)) },
  { name: 'network-time', path: '/network?tab=time' },
  { name: 'wireguard', path: '/wireguard' },
  { name: 'containers', path: '/containers' },
  { name: 'container-sheet', path: '/containers?logs=cell-dns' },
  { name: 'logs', path: '/logs' },
  { name: 'log-line', path: '/logs', act: async (p) => { await p.getByTestId('log-list').locator('button').nth(3).click() } },
  { name: 'verbosity', path: '/logs?tab=verbosity' },
  { name: 'settings-general', path: '/settings/general' },
  { name: 'settings-people', path: '/settings/people' },
  { name: 'settings-account', path: '/settings/account' },
  { name: 'settings-history', path: '/settings/history' },
  { name: 'settings-trust', path: '/settings/trust' },
  { name: 'jobs', path: '/', act: click('jobs-open') },
  { name: 'palette', path: '/', act: steps(click('palette-open'), fill('palette-input', 'an')) },
  { name: 'not-found', path: '/nowhere' },
  { name: 'home-empty', path: '/', mock: 'empty' },
  { name: 'peers-empty', path: '/peers', mock: 'empty' },
  { name: 'network-empty', path: '/network', mock: 'empty' },
  { name: 'logs-empty', path: '/logs', mock: 'empty' },
  { name: 'peers-failing', path: '/peers', mock: 'fail' },
  { name: 'home-failing', path: '/', mock: 'fail' },
  { name: 'enrol', path: '/enrol/abc', act: steps(click('enrol-take'), wait(500)) },
  { name: 'enrol-gone', path: '/enrol/gone' },
  { name: 'login', path: '/login', anonymous: true, act: steps(fill('login-name', 'admin'), fill('login-password', 'wrong'), click('login-submit'), wait(300)) },
  { name: 'setup-1', path: '/', mock: 'setup', act: steps(fill('setup-code', 'ABCD-1234'), click('setup-next'), wait(300)) },
  ...[2, 3, 4].map((n) => ({ name: `setup-${n}`, path: '/setup', mock: 'setup', act: setupTo(n) })),
  { name: 'setup-6', path: '/setup', mock: 'setup', act: setupTo(6) },
]

function setupTo(n) {
  return async (p) => {
    const next = click('setup-next')
    await fill('setup-code', 'ABCD-1234')(p)
    await next(p)
    await p.getByTestId('preflight').waitFor()
    for (let i = 1; i < Math.min(n, 4); i++) await next(p)
    if (n < 4) return
    await fill('setup-password', 'correct horse battery')(p)
    await fill('setup-password2', 'correct horse battery')(p)
    if (n < 5) return
    await next(p)
    await p.getByTestId('handshake-waiting').waitFor()
    await p.getByTestId('device-qr').waitFor()
  }
}

await mkdir(out, { recursive: true })
let port = 8391
let violations = 0
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
})
const looks = [[1440, 'light'], [1440, 'dark'], [360, 'light'], [360, 'dark']]

for (const page of pages.filter((p) => wanted.length === 0 || wanted.some((w) => p.name.includes(w)))) {
  for (const [width, scheme] of looks) {
    const mock = startMock({ port: ++port, setup: page.mock === 'setup', empty: page.mock === 'empty' })
    const context = await browser.newContext({ viewport: { width, height: width === 360 ? 740 : 900 }, colorScheme: scheme, reducedMotion: 'reduce', locale: process.env.SHOT_LOCALE ?? 'en-GB' })
    const tab = await context.newPage()
    const origin = `http://127.0.0.1:${port}`
    const trouble = []
    tab.on('pageerror', (e) => trouble.push(`error: ${e.message}`))
    tab.on('console', (m) => { if (m.type() === 'error' && !/Failed to load resource/.test(m.text())) trouble.push(`console: ${m.text()}`) })
    try {
      if (page.mock !== 'setup' && !page.anonymous) await context.request.post(`${origin}/api/auth/login`, { data: { name: 'admin', password: 'x' } })
      mock.state.failing = page.mock === 'fail'
      await tab.goto(origin + page.path)
      await tab.waitForTimeout(page.mock === 'fail' ? 5000 : 700)
      if (page.act) { await page.act(tab); await tab.waitForTimeout(250) }
      await tab.screenshot({ path: `${out}${page.name}-${width}-${scheme}.png`, fullPage: width === 1440 })
      const wide = await tab.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      if (wide > 0) trouble.push(`scrolls sideways by ${wide} px`)
      await tab.evaluate(axe)
      const found = await tab.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }))
      for (const v of found.violations) trouble.push(`axe ${v.id} (${v.impact}): ${v.nodes.slice(0, 3).map((n) => `${n.target.join(' ')} — ${n.html.slice(0, 120)}`).join(' | ')}`)
    } catch (e) {
      trouble.push(`failed: ${e.message.split('\n').slice(0, 3).join(' ')}`)
      await tab.screenshot({ path: `${out}${page.name}-${width}-${scheme}.png` }).catch(() => undefined)
    }
    if (trouble.length) { violations += trouble.length; console.log(`${page.name} ${width} ${scheme}\n  ${trouble.join('\n  ')}`) }
    await context.close()
    mock.close()
  }
}
await browser.close()
console.log(violations ? `${violations} findings` : 'no findings')
process.exitCode = violations ? 1 : 0
