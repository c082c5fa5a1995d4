// Every page as it looks: a picture of it, and what a machine can say of it. axe-core comes from webui/node_modules.
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { eventually } from './world.mjs'

export const pictures = new URL('../../build/e2e/', import.meta.url).pathname
const axe = readFileSync(new URL('../../webui/node_modules/axe-core/axe.min.js', import.meta.url), 'utf8')
const standards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/**
 * Declares a test for each page in wide and phone width, light and dark. What the browser complained of before counts for the first one.
 * @param {Record<string, string>} pages path by name
 * @param {() => import('./ui.mjs').Ui} current the UI, once the tests run
 */
export function testPages(pages, current) {
  mkdirSync(pictures, { recursive: true })
  for (const [name, path] of Object.entries(pages)) {
    for (const width of [1440, 360]) {
      for (const colorScheme of ['light', 'dark']) {
        test(`${name} at ${width} px in ${colorScheme}: no complaint, nothing sticks out, axe is content`, async () => {
          const ui = current()
          await ui.page.setViewportSize({ width, height: 900 })
          await ui.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
          await ui.open(path)
          await ui.see('page-title')
          await eventually(async () => (await ui.page.locator('.skeleton').count()) === 0, 10)
          await ui.picture(`${pictures}${name}-${width}-${colorScheme}.png`)
          assert.equal(await ui.page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false)
          await ui.page.evaluate(axe)
          const found = await ui.page.evaluate((runOnly) => window.axe.run(document, { runOnly }), standards)
          assert.deepEqual(found.violations.map((v) => `${v.id}: ${v.nodes[0].html}`), [])
          // Each is told once.
          assert.deepEqual(ui.complaints.splice(0), [])
        })
      }
    }
  }
}
