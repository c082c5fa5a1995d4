// How long the page takes to answer a person while a thousand devices report their rates. Needs a build.
//   node dev/measure.mjs [--peers 1000] [--limit 100]     exits 1 when an interaction took longer than the limit (ms)
import { chromium } from 'playwright-core'
import { startMock } from './mock-server.mjs'

const value = (name, fallback) => { const i = process.argv.indexOf(name); return i < 0 ? fallback : Number(process.argv[i + 1]) }
const peers = value('--peers', 1000)
const limit = value('--limit', 100)
const port = 8389
const mock = startMock({ port, peers })
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] })
const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
const origin = `http://127.0.0.1:${port}`
await context.request.post(`${origin}/api/auth/login`, { data: { name: 'admin', password: 'x' } })
const page = await context.newPage()
// From the event to the next picture, as the browser itself counts it (what INP is made of).
await page.addInitScript(() => {
  window.seen = []
  new PerformanceObserver((list) => { for (const e of list.getEntries()) if (e.interactionId) window.seen.push(e.duration) }).observe({ type: 'event', durationThreshold: 16, buffered: true })
})
await page.goto(`${origin}/peers?view=cards`)
await page.getByTestId('peer-list').waitFor()
await page.waitForTimeout(3000)

let worst = 0
async function measure(name, act) {
  await page.evaluate(() => { window.seen = [] })
  await act()
  await page.waitForTimeout(400)
  const slowest = Math.max(0, ...await page.evaluate(() => window.seen))
  worst = Math.max(worst, slowest)
  console.log(`${name.padEnd(28)} ${slowest ? `${slowest} ms` : 'under 16 ms'}`)
}
const click = (id) => page.getByTestId(id).first().click()
console.log(`${peers} devices, ${mock.data.peers.filter((p) => p.live.state === 'online').length} of them with new rates every 2 s`)
await measure('type in the search', () => page.getByTestId('peer-search').pressSequentially('device-77', { delay: 60 }))
await measure('empty the search', () => page.getByTestId('peer-search').fill('').then(() => page.getByTestId('peer-search').press('Backspace')))
await measure('open a menu', () => page.locator('[data-testid^="peer-menu-"]').first().click())
await measure('close it', () => page.keyboard.press('Escape'))
await measure('turn a device off', () => page.locator('[data-testid^="peer-switch-"]').nth(3).click())
await measure('show the table', () => click('peer-view-table'))
await measure('sort it by rate', () => page.getByRole('columnheader', { name: 'In' }).getByRole('button').click())
await measure('go down with the keyboard', async () => { await page.locator('[data-testid=peer-table] tbody a').first().focus(); for (let i = 0; i < 25; i++) await page.keyboard.press('ArrowDown') })
await measure('open the palette', () => page.keyboard.press('Control+k'))
await measure('type in the palette', () => page.keyboard.type('device-9', { delay: 60 }))
await measure('go to a device', () => page.keyboard.press('Enter'))
await browser.close()
mock.close()
console.log(`slowest: ${worst} ms, limit ${limit} ms`)
process.exitCode = worst > limit ? 1 : 0
