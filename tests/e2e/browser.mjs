// A Chromium for end-to-end tests. playwright-core comes from webui/node_modules, so `npm ci` in webui is all it needs.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const { chromium } = createRequire(new URL('../../webui/package.json', import.meta.url))('playwright-core')

const chromiumPath = process.env.CHROMIUM ?? '/usr/bin/chromium'
const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']

// Chromium on Linux takes further authorities from the NSS database in its home; certutil is in libnss3-tools.
function trust(home, rootCertificate) {
  const database = join(home, '.pki', 'nssdb')
  execFileSync('mkdir', ['-p', database])
  execFileSync('certutil', ['-d', `sql:${database}`, '-N', '--empty-password'])
  execFileSync('certutil', ['-d', `sql:${database}`, '-A', '-t', 'C,,', '-n', 'cell root', '-i', rootCertificate])
}

/** A program that is Chromium in a network namespace. */
function inside(space, home) {
  const program = join(home, 'chromium')
  writeFileSync(program, `#!/bin/sh\nexec nsenter --net=/run/netns/${space} ${chromiumPath} "$@"\n`, { mode: 0o755 })
  return program
}

/**
 * @param {object} options
 * @param {string} [options.rootCertificate] PEM file of the authority to trust
 * @param {Record<string, string>} [options.resolve] names and the addresses they stand for, as a resolver would say
 * @param {boolean} [options.ignoreHTTPSErrors] only where the certificate can't be trusted yet
 * @param {string} [options.locale]
 * @param {string} [options.space] network namespace that it runs in, see World.space
 * @returns {Promise<{newPage: () => Promise<import('playwright-core').Page>, close: () => Promise<void>}>}
 *   newPage: a page of a context of its own, so with cookies of its own
 */
export async function openBrowser({ rootCertificate, resolve = {}, ignoreHTTPSErrors = false, locale = 'en-GB', space } = {}) {
  const home = mkdtempSync(join(tmpdir(), 'cell-e2e-'))
  if (rootCertificate) trust(home, rootCertificate)
  const rules = Object.entries(resolve).map(([name, address]) => `MAP ${name} ${address}`).join(',')
  const browser = await chromium.launch({
    executablePath: space ? inside(space, home) : chromiumPath,
    env: { ...process.env, HOME: home },
    args: [...flags, ...(rules ? [`--host-resolver-rules=${rules}`] : [])],
  })
  return {
    async newPage() {
      const context = await browser.newContext({ locale, ignoreHTTPSErrors, viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' })
      const page = await context.newPage()
      page.setDefaultTimeout(20_000)
      return page
    },
    async close() {
      await browser.close()
      rmSync(home, { recursive: true, force: true })
    },
  }
}
