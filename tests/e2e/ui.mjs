// The web UI as a person uses it: each function is one thing somebody does. Driven by data-testid only, so wording and
// language are free. Every function ends when the page shows that the thing is done.
import { readFile } from 'node:fs/promises'

export class Ui {
  /** @param {import('playwright-core').Page} page @param {string} origin like https://home.cell */
  constructor(page, origin) {
    this.page = page
    this.origin = origin
    /** What the page complained of: exceptions and messages of severity error. */
    this.complaints = []
    page.on('pageerror', (e) => this.complaints.push(e.message))
    page.on('console', (m) => { if (m.type() === 'error' && !/Failed to load resource/.test(m.text())) this.complaints.push(m.text()) })
  }
  id(testid) { return this.page.getByTestId(testid).first() }
  see(testid, options) { return this.id(testid).waitFor(options) }
  click(testid) { return this.id(testid).click() }
  fill(testid, text) { return this.id(testid).fill(text) }
  text(testid) { return this.id(testid).innerText() }
  /** A container of another test that comes or goes is another network to Chromium, which drops what it was loading: the page is asked for again. */
  async open(path) {
    const isDropped = (text) => /ERR_NETWORK_CHANGED/.test(text ?? '')
    for (let attempt = 1; ; attempt++) {
      let dropped = false
      const note = (request) => { dropped ||= isDropped(request.failure()?.errorText) }
      this.page.on('requestfailed', note)
      const answer = await this.page.goto(this.origin + path).catch((e) => { if (!isDropped(e.message) || attempt === 3) throw e; dropped = true })
      this.page.off('requestfailed', note)
      if (!dropped || attempt === 3) return answer
    }
  }

  async #setupStep(n) { await this.page.locator(`[data-testid=setup-title][data-step="${n}"]`).waitFor() }

  /**
   * Goes through the wizard, from any page of a cell that is not set up, to its last page.
   * @param {{code?: string, cellName?: string, timezone?: string, endpoint?: string, admin?: string, password: string, device?: string, timeout?: number}} answers
   * @returns {Promise<{preflight: Record<string, string>, config: string | null}>} states of the checks, and the first device's configuration
   */
  async setUp({ code, cellName, timezone, endpoint, admin, password, device, timeout = 180_000 }) {
    await this.open('/')
    await this.#setupStep(1)
    if (code) {
      await this.fill('setup-code', code)
      await this.click('setup-next')
    }
    await this.see('preflight', { timeout: 60_000 })
    const checks = await this.page.locator('[data-testid^="check-"]').evaluateAll((all) => all.map((e) => [e.dataset.testid.slice(6), e.dataset.state]))
    await this.click('setup-next')
    await this.#setupStep(2)
    if (cellName) await this.fill('setup-cell-name', cellName)
    await this.click('setup-next')
    await this.#setupStep(3)
    if (timezone) await this.id('setup-timezone').selectOption(timezone)
    if (endpoint) await this.fill('setup-endpoint', endpoint)
    await this.click('setup-next')
    await this.#setupStep(4)
    if (admin) await this.fill('setup-admin-name', admin)
    await this.fill('setup-password', password)
    await this.fill('setup-password2', password)
    if (device !== undefined) await this.fill('setup-device-name', device)
    await this.click('setup-next')
    await this.page.locator('[data-testid=setup-title][data-step="6"]').waitFor({ timeout })
    const config = device === '' ? null : await this.downloadConfig()
    return { preflight: Object.fromEntries(checks), config }
  }
  async finishSetUp() {
    await this.click('setup-finish')
    await this.see('home-hub')
  }

  async logIn(name, password) {
    await this.open('/login')
    await this.fill('login-name', name)
    await this.fill('login-password', password)
    await this.click('login-submit')
    await this.see('person-menu')
  }
  async logOut() {
    await this.click('person-menu')
    await this.click('logout')
    await this.see('login-name')
  }

  /** The text behind the download button that is on screen. */
  async downloadConfig() {
    const [download] = await Promise.all([this.page.waitForEvent('download'), this.click('device-config-download')])
    return readFile(await download.path(), 'utf8')
  }
  handshake(timeout = 30_000) { return this.see('handshake-received', { timeout }) }

  /**
   * Adds a device and leaves its last step open, where the handshake will show.
   * @param {string} name @param {{owner?: string, policy?: Record<string, boolean>, key?: 'browser' | 'server'}} [wanted] policy: internet, services, lan, peers
   * @returns {Promise<string>} its configuration
   */
  async addDevice(name, { owner, policy = {}, key } = {}) {
    await this.open('/peers?dialog=add')
    await this.fill('device-name', name)
    if (owner) await this.id('device-owner').selectOption({ label: owner })
    await this.click('device-next')
    await this.page.locator('[data-testid=policy-internet], [data-testid=device-qr]').first().waitFor()
    for (const [what, on] of Object.entries(policy)) await this.id(`policy-${what}`).setChecked(on)
    if (key === 'server') {
      await this.page.getByTestId('add-device-dialog').locator('summary').click()
      await this.id('device-key-origin').selectOption('server')
    }
    // A person who is no administrator is not asked what the device may reach.
    if (await this.page.getByTestId('device-next').isVisible()) await this.click('device-next')
    await this.see('device-qr')
    return this.downloadConfig()
  }
  closeDevice() { return this.click('device-done') }

  async devices() {
    await this.open('/peers?view=cards')
    await this.see('page-title')
    await this.page.locator('[data-testid=peer-list], [data-testid=empty-state]').first().waitFor()
    return Object.fromEntries(await this.page.locator('[data-testid^="peer-card-"]').evaluateAll((all) => all.map((e) => [e.dataset.testid.slice(10), e.dataset.state])))
  }
  async pick(name, act) {
    await this.open('/peers?view=cards')
    await this.click(`peer-menu-${name}`)
    await this.click(`peer-${act}`)
  }
  async turnDevice(name, on) {
    await this.open('/peers?view=cards')
    await this.see(`peer-switch-${name}`)
    if ((await this.id(`peer-switch-${name}`).getAttribute('aria-checked') === 'true') !== on) {
      const answered = this.page.waitForResponse((r) => r.request().method() === 'PATCH' && r.url().includes('/api/peers/'))
      await this.click(`peer-switch-${name}`)
      if (!(await answered).ok()) throw new Error(`turning '${name}' ${on ? 'on' : 'off'} was refused: ${(await answered).status()}`)
    }
  }
  async deleteDevice(name) {
    await this.pick(name, 'delete')
    await this.fill('confirm-name', name)
    await this.click('confirm-act')
    await this.see('toast-ok')
  }
  /** @returns {Promise<string>} the configuration with the new key */
  async rekeyDevice(name) {
    await this.pick(name, 'rekey')
    await this.click('rekey-act')
    await this.see('device-qr')
    return this.downloadConfig()
  }
  /** Shows, once, the configuration whose key the cell made. */
  async revealConfig(name) {
    await this.pick(name, 'qr')
    await this.click('qr-reveal')
    await this.see('device-qr')
    return this.downloadConfig()
  }
  /** @returns {Promise<string>} address of a one-time enrolment link */
  async enrolmentLink(name) {
    await this.pick(name, 'enrol')
    await this.click('link-create')
    return this.text('link-url')
  }
  /** As whoever has the device: no login. */
  async enrol(url) {
    await this.page.goto(url)
    await this.click('enrol-take')
    await this.see('enrol-config')
    return this.downloadConfig()
  }
  /** @returns {Promise<Record<string, string>>} handshake, port, route, dns → ok, problem or unknown */
  async diagnose(name) {
    await this.pick(name, 'diagnose')
    await this.see('diagnosis-handshake')
    return Object.fromEntries(await this.page.locator('li[data-testid^="diagnosis-"]').evaluateAll((all) => all.map((e) => [e.dataset.testid.slice(10), e.dataset.state])))
  }

  async addRecord({ name, type = 'A', value }) {
    await this.open('/network?dialog=add')
    await this.fill('dns-name', name)
    await this.id('dns-type').selectOption(type)
    await this.fill('dns-value', value)
    await this.click('dns-save')
    await this.see(`dns-record-${name}`)
  }
  async deleteRecord(name) {
    await this.open('/network')
    await this.click(`dns-delete-${name}`)
    await this.click('confirm-act')
    await this.see('toast-ok')
  }
  /** Asks the cell's resolver through the page; @returns {Promise<string>} what the answer shows */
  async lookUp(name, type = 'A') {
    await this.open('/network?tab=resolver')
    await this.fill('lookup-name', name)
    await this.id('lookup-type').selectOption(type)
    await this.click('lookup-ask')
    return this.text('lookup-answer')
  }

  async addPerson({ name, role = 'peer', password }) {
    await this.open('/peers?tab=people')
    await this.click('person-add')
    await this.fill('person-name', name)
    await this.id('person-role').selectOption(role)
    await this.fill('person-password', password)
    await this.click('person-save')
    await this.see(`person-${name}`)
  }
  /** @returns {Promise<string>} the token's text, for everything */
  async makeToken(name, { readOnly = true } = {}) {
    await this.open('/settings/tokens?dialog=add')
    await this.fill('token-name', name)
    await this.click('token-scope-all')
    await this.id('token-read-only').setChecked(readOnly)
    await this.click('token-create')
    const token = await this.text('token-text')
    await this.click('token-done')
    return token
  }
  async restartContainer(name) {
    await this.open('/containers')
    await this.click(`container-menu-${name}`)
    await this.click('container-restart')
    await this.click('confirm-act')
    await this.page.locator('[data-testid^="job-"][data-state=done]').first().waitFor({ timeout: 60_000 })
  }
  async editPerson(name, { name: next, role, password } = {}) {
    await this.open('/peers?tab=people')
    await this.click(`person-edit-${name}`)
    if (next) await this.fill('person-name', next)
    if (role) await this.id('person-role').selectOption(role)
    if (password) await this.fill('person-password', password)
    await this.click('person-save')
    await this.see('toast-ok')
  }

  /** @returns {Promise<Record<string, string>>} packages of the store → available, installed, update_available, installing or incompatible */
  async packages() {
    await this.open('/services')
    await this.page.locator('[data-testid=store-list], [data-testid=empty-state]').first().waitFor()
    return Object.fromEntries(await this.page.locator('[data-testid^="store-card-"]').evaluateAll((all) => all.map((e) => [e.dataset.testid.slice(11), e.dataset.state])))
  }
  async #setOptions(options) {
    for (const [path, value] of Object.entries(options)) {
      const control = this.id(`option-${path}`)
      if (typeof value === 'boolean') await control.setChecked(value)
      else if (await control.evaluate((e) => e.tagName === 'SELECT')) await control.selectOption(value)
      else await control.fill(String(value))
    }
  }
  /** Agrees to the plan that is on screen and waits until its job has ended. */
  async #carryOut(timeout) {
    await this.see('plan')
    if (await this.page.getByTestId('plan-accept').count()) await this.id('plan-accept').setChecked(true)
    await this.click('plan-act')
    const job = this.page.getByTestId('job-dialog').locator('[data-testid^="job-"][data-state]')
    await job.and(this.page.locator('[data-state=done], [data-state=failed], [data-state=cancelled]')).waitFor({ timeout })
    const state = await job.getAttribute('data-state')
    if (state !== 'done') throw new Error(`the job ended as '${state}': ${await job.innerText()}`)
    await this.click('job-dialog-close')
  }
  /** @param {Record<string, string | number | boolean>} [options] by their place: hostname, relay/port */
  async installService(id, options = {}, timeout = 300_000) {
    await this.open(`/store/${id}?dialog=install`)
    await this.page.locator('[data-testid=install-next], [data-testid=plan]').first().waitFor()
    if (await this.page.getByTestId('install-next').count()) {
      await this.#setOptions(options)
      await this.click('install-next')
    }
    await this.#carryOut(timeout)
  }
  async configureService(id, options, timeout = 120_000) {
    await this.open(`/services/${id}?tab=options`)
    await this.see('service-options')
    await this.#setOptions(options)
    await this.click('options-plan')
    await this.#carryOut(timeout)
  }
  async updateService(id, timeout = 300_000) {
    await this.open(`/services/${id}?dialog=update`)
    await this.#carryOut(timeout)
  }
  /** @param {'start' | 'stop' | 'restart'} act @param {string} shown what the page shows when it is done */
  async turnService(id, act, shown, timeout = 120_000) {
    await this.open(`/services/${id}`)
    if (act === 'start') await this.click('service-start')
    else {
      await this.click('service-menu')
      await this.click(`service-${act}`)
      await this.click('confirm-act')
    }
    await this.see(shown, { timeout })
  }
  async removeService(id, { purge } = {}, timeout = 120_000) {
    await this.open(`/services/${id}?dialog=remove`)
    if (purge) {
      await this.id('service-purge').setChecked(true)
      await this.fill('confirm-name', purge)
    }
    await this.see(`nav-service-${id}`)
    await this.click('confirm-act')
    await this.page.getByTestId(`nav-service-${id}`).waitFor({ state: 'detached', timeout })
  }
  /** @returns {Promise<{password: string, clients: Record<string, string>}>} a new app password of one's own, and what the program needs: caldav, webdav, login, … */
  async appPassword(id, label) {
    await this.open(`/services/${id}`)
    await this.click('password-add')
    await this.fill('password-label', label)
    await this.click('password-create')
    const password = await this.text('password-text')
    const clients = await this.page.getByTestId('password-made').locator('[data-testid^="client-"]').evaluateAll((all) => all.map((e) => [e.dataset.testid.slice(7), e.textContent]))
    await this.click('password-done')
    return { password, clients: Object.fromEntries(clients) }
  }
  /** @returns {Promise<string>} a new app password of `person`, made by an administrator */
  async appPasswordFor(id, person, label) {
    await this.open(`/services/${id}?tab=accounts`)
    await this.click(`account-passwords-${person}`)
    await this.click('password-add')
    await this.fill('password-label', label)
    await this.click('password-create')
    const password = await this.text('password-text')
    await this.click('password-done')
    return password
  }
  async revokePassword(id, label) {
    await this.open(`/services/${id}`)
    await this.click(`password-revoke-${label}`)
    await this.click('confirm-act')
    await this.see('toast-ok')
  }

  /** Goes to the files by the rail, as a page that was there before them. */
  async openFiles(folder) {
    if (folder) await this.open(`/files?path=${encodeURIComponent(folder)}`)
    else await this.click('nav-service-files')
    await this.page.locator('[data-testid=files-table], [data-testid=empty-state]').first().waitFor()
  }
  /** Begins to send what a person chose: paths on this machine, or {name, mimeType, buffer}. */
  chooseFiles(...files) { return this.page.getByTestId('files-input').setInputFiles(files) }
  uploaded(name, timeout = 60_000) { return this.page.locator(`[data-testid="upload-${name}"][data-state=done]`).waitFor({ timeout }) }
  async makeFolder(name) {
    await this.click('files-folder')
    await this.fill('name-text', name)
    await this.click('name-save')
    await this.see(`file-${name}`)
  }
  /** @param {'preview' | 'download' | 'rename' | 'move' | 'share' | 'delete'} act */
  async pickFile(name, act) {
    await this.click(`file-menu-${name}`)
    await this.click(`file-${act}`)
  }
  async renameFile(name, next) {
    await this.pickFile(name, 'rename')
    await this.fill('name-text', next)
    await this.click('name-save')
    await this.see(`file-${next}`)
  }
  async moveFile(name, folder) {
    await this.pickFile(name, 'move')
    await this.click(`move-into-${folder}`)
    await this.click('move-act')
    await this.page.getByTestId(`file-${name}`).waitFor({ state: 'detached' })
  }
  /** @returns {Promise<string>} the link's address */
  async shareFile(name) {
    await this.pickFile(name, 'share')
    await this.click('share-create')
    const url = await this.text('share-url')
    await this.page.keyboard.press('Escape')
    return url
  }
  async downloadFile(name) {
    const [download] = await Promise.all([this.page.waitForEvent('download', { timeout: 60_000 }), this.pickFile(name, 'download')])
    return readFile(await download.path())
  }
  async deleteFile(name) {
    await this.pickFile(name, 'delete')
    await this.click('confirm-act')
    await this.page.getByTestId(`file-${name}`).waitFor({ state: 'detached' })
  }

  /** The sentence on top: its tone (ok, attention, problem) once the cell has answered. */
  async health() {
    await this.page.locator('[data-testid=health-sentence]:not([data-tone=neutral])').waitFor()
    return this.id('health-sentence').getAttribute('data-tone')
  }
  /** A picture of what is on screen, for whoever reads why a test failed. */
  picture(path) { return this.page.screenshot({ path, fullPage: true }) }
}
