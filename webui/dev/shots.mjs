// Takes every scene at two widths in both themes into dev/shots/, and runs axe on each. Needs a build (npm run build).
//   node dev/shots.mjs [part of a scene's name …]      SHOT_LOCALE=de-DE for another language
import { mkdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { chromium } from 'playwright-core'
import { createServer } from 'vite'
import { startMock } from './mock-server.mjs'
import { scenes } from './scenes.mjs'

const out = new URL('./shots/', import.meta.url).pathname
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const standards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
// One load of the page serves all four looks: the theme and the width change under it, as they do for a person.
const looks = [[1440, 'light'], [1440, 'dark'], [360, 'dark'], [360, 'light']]
const atOnce = 2
let port = 8391
let findings = 0

// Scenes of development builds are served by Vite itself, in front of a mock of its own; once for all of them.
let devServer
async function serveDev() {
  const mock = startMock({ port: ++port })
  process.env.CELL_URL = `http://127.0.0.1:${port}`
  const server = await createServer({ root: new URL('..', import.meta.url).pathname, logLevel: 'error', server: { port: ++port, strictPort: true, hmr: false } })
  await server.listen()
  return { origin: `http://localhost:${port}`, close: async () => { await server.close(); mock.close() } }
}

async function openScene(browser, scene) {
  const mock = startMock({ port: ++port, setup: scene.mock === 'setup', empty: scene.mock === 'empty' })
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: 'light', reducedMotion: 'reduce', locale: process.env.SHOT_LOCALE ?? 'en-GB' })
  const own = `http://127.0.0.1:${port}`
  const origin = scene.dev ? (await (devServer ??= serveDev())).origin : own
  if (scene.mock !== 'setup' && !scene.anonymous) await context.request.post(`${origin}/api/auth/login`, { data: { name: scene.as ?? 'admin', password: 'x' } })
  Object.assign(mock.state, { failing: scene.mock === 'fail', hanging: scene.mock === 'hang', slow: scene.mock === 'slow' })
  return { mock, context, origin, tab: await context.newPage() }
}

async function look(tab, scene, [width, scheme]) {
  const trouble = []
  await tab.emulateMedia({ colorScheme: scheme })
  await tab.setViewportSize({ width, height: width === 360 ? 740 : 900 })
  await tab.waitForTimeout(300)
  const dialog = await tab.locator('[role=dialog]').count()
  await tab.screenshot({ path: `${out}${scene.name}-${width}-${scheme}.png`, fullPage: !dialog })
  const wide = await tab.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  if (wide > 0) trouble.push(`scrolls sideways by ${wide} px`)
  const found = await tab.evaluate((runOnly) => window.axe.run(document, { runOnly }), standards)
  for (const v of found.violations) trouble.push(`axe ${v.id} (${v.impact}): ${v.nodes.slice(0, 3).map((n) => `${n.target.join(' ')} — ${n.html.slice(0, 120)}`).join(' | ')}`)
  return trouble
}

async function shoot(browser, scene) {
  const { mock, context, origin, tab } = await openScene(browser, scene)
  const report = (where, trouble) => {
    if (trouble.length === 0) return
    findings += trouble.length
    console.log(`${scene.name} ${where}\n  ${trouble.join('\n  ')}`)
  }
  const spoken = []
  tab.on('pageerror', (e) => spoken.push(`error: ${e.message}`))
  tab.on('console', (m) => { if (m.type() === 'error' && !/Failed to load resource/.test(m.text())) spoken.push(`console: ${m.text()}`) })
  try {
    await tab.goto(origin + scene.path)
    await tab.locator('h1, h2').first().waitFor()
    await tab.waitForLoadState('networkidle', { timeout: 1500 }).catch(() => undefined)
    if (scene.mock === 'fail') await tab.getByTestId('error-state').first().waitFor()
    if (scene.mock === 'offline') mock.loseStreams()
    if (scene.act) await scene.act(tab)
    await tab.evaluate(axe)
    for (const one of looks) report(one.join(' '), await look(tab, scene, one))
  } catch (e) {
    report('failed', [e.message.split('\n').slice(0, 3).join(' ')])
    await tab.screenshot({ path: `${out}${scene.name}-failed.png` }).catch(() => undefined)
  }
  report('spoke', spoken)
  await context.close()
  mock.close()
}

await mkdir(out, { recursive: true })
const wanted = process.argv.slice(2)
const queue = scenes.filter((s) => wanted.length === 0 || wanted.some((w) => s.name.includes(w)))
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
})
await Promise.all(Array.from({ length: atOnce }, async () => { for (let s = queue.shift(); s; s = queue.shift()) await shoot(browser, s) }))
await browser.close()
if (devServer) await (await devServer).close()
console.log(findings ? `${findings} findings` : 'no findings')
process.exitCode = findings ? 1 : 0
