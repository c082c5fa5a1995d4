// What shots.mjs photographs: a page, the mock's mood, and what is done before the picture is taken.
const click = (id) => async (page) => { await page.getByTestId(id).first().click() }
const steps = (...list) => async (page) => { for (const s of list) await s(page) }
const wait = (ms) => (page) => page.waitForTimeout(ms)
const fill = (id, text) => (page) => page.getByTestId(id).fill(text)
const see = (id) => (page) => page.getByTestId(id).first().waitFor()

function setupTo(n) {
  return async (p) => {
    const next = click('setup-next')
    await fill('setup-code', 'ABCD-1234')(p)
    await next(p)
    await see('preflight')(p)
    for (let i = 1; i < Math.min(n, 4); i++) await next(p)
    if (n < 4) return
    await fill('setup-password', 'correct horse battery')(p)
    await fill('setup-password2', 'correct horse battery')(p)
    if (n < 5) return
    await next(p)
    if (n < 6) return see('setup-progress')(p)
    await see('handshake-waiting')(p)
    await see('device-qr')(p)
  }
}

export const scenes = [
  { name: 'home', path: '/' },
  { name: 'health', path: '/', act: click('health-sentence') },
  { name: 'peers', path: '/peers', act: wait(4500) },
  { name: 'add-device-1', path: '/peers?dialog=add' },
  { name: 'add-device-2', path: '/peers?dialog=add', act: steps(fill('device-name', 'tablet'), click('device-next')) },
  { name: 'add-device-3', path: '/peers?dialog=add', act: steps(fill('device-name', 'tablet'), click('device-next'), click('device-next'), see('handshake-received')) },
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
  { name: 'peers-table', path: '/peers?view=table' },
  { name: 'health-ignored', path: '/', act: steps(click('health-ignore-userspace'), click('health-ignore-7'), wait(300)) },
  { name: 'peer-qr-shown', path: '/peers/p1?dialog=qr', act: steps(click('qr-reveal'), see('device-qr')) },
  { name: 'store', path: '/services' },
  { name: 'store-search', path: '/services?q=mail&category=mail' },
  { name: 'store-sources', path: '/services?tab=sources' },
  { name: 'store-source-add', path: '/services?tab=sources&dialog=source', act: steps(fill('source-name', 'friends'), fill('source-location', 'nonsense'), fill('source-key', 'x'), click('source-save'), wait(400)) },
  { name: 'store-item', path: '/store/mail' },
  { name: 'store-item-beta', path: '/store/org.example.notes' },
  { name: 'install-options', path: '/store/mail?dialog=install', act: steps(fill('option-max_message_mb', '900'), click('option-blocked-add'), click('install-next'), wait(200)) },
  { name: 'install-plan', path: '/store/mail?dialog=install', act: steps(click('install-next'), see('plan-creates')) },
  { name: 'install-conflict', path: '/store/mail?dialog=install', act: steps(fill('option-max_message_mb', '99'), click('install-next'), see('plan-recheck')) },
  { name: 'install-refused', path: '/store/mail?dialog=install', act: steps(fill('option-hostname', 'localhost'), click('install-next'), wait(500)) },
  { name: 'install-progress', path: '/store/mail?dialog=install', mock: 'slow', act: steps(click('install-next'), click('plan-accept'), click('plan-act'), wait(1200)) },
  { name: 'store-installing', path: '/store/mail?dialog=install', mock: 'slow', act: steps(click('install-next'), click('plan-accept'), click('plan-act'), wait(1200), click('job-dialog-close'), click('jobs-close'), click('nav-store'), wait(400)) },
  { name: 'service', path: '/services/calendar' },
  { name: 'service-failed', path: '/services/files' },
  { name: 'service-accounts', path: '/services/files?tab=accounts' },
  { name: 'service-account', path: '/services/calendar?tab=accounts', act: steps(click('account-passwords-anna'), see('passwords-table')) },
  { name: 'service-options', path: '/services/calendar?tab=options', act: fill('option-days', '60') },
  { name: 'service-system', path: '/services/files?tab=system' },
  { name: 'service-update', path: '/services/files?dialog=update', act: see('plan-accept') },
  { name: 'service-remove', path: '/services/calendar?dialog=remove', act: click('service-purge') },
  { name: 'service-password', path: '/services/calendar', act: steps(click('password-add'), fill('password-label', 'tablet'), click('password-create'), see('password-text')) },
  { name: 'service-panel-add', path: '/services/calendar', act: steps(click('panel-create-/collections'), fill('option-name', 'Family'), click('panel-act'), wait(300)) },
  { name: 'service-missing', path: '/services/nowhere' },
  { name: 'settings-plugins', path: '/settings/plugins' },
  { name: 'files', path: '/files', act: see('files-table') },
  { name: 'files-chosen', path: '/files', act: steps(click('file-choose-notes.txt'), click('file-choose-Photos'), click('files-delete')) },
  { name: 'files-folder', path: '/files?path=/Photos/Summer by the sea 2026' },
  { name: 'files-move', path: '/files', act: steps(click('file-menu-notes.txt'), click('file-move'), see('move-into-Photos')) },
  { name: 'files-share', path: '/files', act: steps(click('file-menu-notes.txt'), click('file-share'), click('share-create'), see('share-url')) },
  { name: 'files-preview', path: '/files', act: steps(click('file-notes.txt'), see('preview-text')) },
  { name: 'files-uploads', path: '/files', act: steps(see('files-table'), (p) => p.getByTestId('files-input').setInputFiles([{ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('x') }, { name: 'new.txt', mimeType: 'text/plain', buffer: Buffer.alloc(300_000, 'x') }]), wait(900)) },
  { name: 'files-failing', path: '/files', mock: 'fail' },
  { name: 'files-loading', path: '/files', mock: 'hang' },
  { name: 'files-none', path: '/files', mock: 'empty' },
  { name: 'store-empty', path: '/services', mock: 'empty' },
  { name: 'sources-empty', path: '/services?tab=sources', mock: 'empty' },
  { name: 'plugins-empty', path: '/settings/plugins', mock: 'empty' },
  { name: 'store-failing', path: '/services', mock: 'fail' },
  { name: 'service-failing', path: '/services/calendar', mock: 'fail' },
  { name: 'plugins-failing', path: '/settings/plugins', mock: 'fail' },
  { name: 'store-loading', path: '/services', mock: 'hang' },
  { name: 'store-item-loading', path: '/store/mail', mock: 'hang' },
  { name: 'service-loading', path: '/services/calendar', mock: 'hang' },
  { name: 'portal-service', path: '/services/calendar', as: 'anna' },
  { name: 'person-edit', path: '/peers?tab=people', act: click('person-edit-anna') },
  { name: 'portal', path: '/', as: 'anna' },
  { name: 'portal-add', path: '/peers?dialog=add', as: 'anna', act: steps(fill('device-name', 'tablet'), click('device-next'), see('device-qr')) },
  { name: 'portal-account', path: '/settings/account', as: 'anna' },
  { name: 'settings-tokens', path: '/settings/tokens' },
  { name: 'token-add', path: '/settings/tokens?dialog=add', act: steps(fill('token-name', 'backup script'), see('token-part-peers')) },
  { name: 'token-made', path: '/settings/tokens?dialog=add', act: steps(fill('token-name', 'backup script'), click('token-scope-all'), click('token-create'), see('token-text')) },
  { name: 'settings-audit', path: '/settings/audit' },
  { name: 'offline', path: '/', mock: 'offline', act: see('offline-banner') },
  { name: 'session-ended', path: '/settings/account', act: steps(async (p) => { await p.context().clearCookies(); await p.getByTestId('sessions-end-others').click() }, see('session-ended')) },
  { name: 'settings-general', path: '/settings/general' },
  { name: 'people', path: '/peers?tab=people' },
  { name: 'settings-account', path: '/settings/account' },
  { name: 'settings-history', path: '/settings/history' },
  { name: 'settings-trust', path: '/settings/trust' },
  { name: 'jobs', path: '/', act: click('jobs-open') },
  { name: 'palette', path: '/', act: steps(click('palette-open'), fill('palette-input', 'an')) },
  { name: 'not-found', path: '/nowhere' },
  { name: 'dev-controls', path: '/dev/components', dev: true },
  { name: 'dev-showing', path: '/dev/components?tab=showing', dev: true, act: wait(600) },
  { name: 'dev-packages', path: '/dev/components?tab=packages', dev: true },
  { name: 'dev-feedback', path: '/dev/components?tab=feedback', dev: true },
  ...['dialog', 'sheet', 'confirm'].map((n) => ({ name: `dev-${n}`, path: '/dev/components?tab=overlays', dev: true, act: click(`dev-${n}`) })),
  { name: 'dev-toast', path: '/dev/components?tab=overlays', dev: true, act: steps(click('dev-toast'), click('dev-toast-error')) },
  { name: 'home-empty', path: '/', mock: 'empty' },
  { name: 'peers-empty', path: '/peers', mock: 'empty' },
  { name: 'network-empty', path: '/network', mock: 'empty' },
  { name: 'logs-empty', path: '/logs', mock: 'empty' },
  { name: 'peers-failing', path: '/peers', mock: 'fail' },
  { name: 'home-failing', path: '/', mock: 'fail' },
  { name: 'enrol', path: '/enrol/abc', anonymous: true, act: steps(click('enrol-take'), wait(500)) },
  { name: 'enrol-gone', path: '/enrol/gone', anonymous: true },
  { name: 'login', path: '/login', anonymous: true, act: steps(fill('login-name', 'admin'), fill('login-password', 'wrong'), click('login-submit'), wait(300)) },
  { name: 'setup-1', path: '/', mock: 'setup', act: setupTo(1) },
  ...[2, 3, 4, 5, 6].map((n) => ({ name: `setup-${n}`, path: '/setup', mock: 'setup', act: setupTo(n) })),
]
