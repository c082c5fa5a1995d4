// A cell as `make start` brings it up, with an instance of its own, and devices that connect to it from containers.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = new URL('../../', import.meta.url).pathname
const script = (name) => join(root, 'packaging/scripts', name)
const quiet = { encoding: 'utf8', stdio: ['pipe', 'pipe', 'inherit'] }

/** A port below those that the system gives to clients, which somebody's connection could take at any moment. */
function freePort() {
  return new Promise((done) => {
    const attempt = () => {
      const port = 22_000 + Math.floor(Math.random() * 10_000)
      const probe = createServer().on('error', attempt).listen(port, () => probe.close(() => done(port)))
    }
    attempt()
  })
}

/** Tries until `look` answers something true, and answers that. */
export async function eventually(look, seconds = 20) {
  const end = Date.now() + seconds * 1000
  for (;;) {
    const found = await look()
    if (found || Date.now() > end) return found
    await new Promise((done) => setTimeout(done, 200))
  }
}

/** A Linux laptop in a container of its own, with a cable to this machine and nothing else. */
class Device {
  constructor(container) { this.container = container }
  run(...command) {
    const done = spawnSync('docker', ['exec', '-i', this.container, ...command], { encoding: 'utf8', timeout: 60_000 })
    return { ok: done.status === 0, out: done.stdout.trim(), err: done.stderr.trim() }
  }
  write(path, text) { execFileSync('docker', ['exec', '-i', this.container, 'sh', '-c', `umask 077; mkdir -p $(dirname ${path}); cat >${path}`], { input: text }) }
  connect(config) {
    this.write('/etc/wireguard/cell.conf', config)
    const done = this.run('wg-quick', 'up', 'cell')
    if (!done.ok) throw new Error(`wg-quick: ${done.err}`)
  }
  /** Addresses, a line each; empty without an answer (dig says why on the same stream, in lines that begin with `;`). */
  lookUp(name) {
    const { out } = this.run('dig', '+short', '+time=1', '+tries=1', name)
    return out.split('\n').filter((line) => !line.startsWith(';')).join('\n')
  }
  fetch(url, ...options) {
    const done = this.run('curl', '-sS', '--max-time', '2', ...options, url)
    return done.ok ? done.out : null
  }
}

export class World {
  /** `number` is a byte of addresses; those up to 250 are for tests/support/stack.py to give away. */
  static async up(tag, number) {
    const world = new World()
    world.tag = tag
    world.number = number
    world.address = `10.98.${world.number}.1`
    world.directory = mkdtempSync(join(tmpdir(), 'cell-e2e-state-'))
    const ports = {}
    for (const name of ['DNS_PORT', 'NTP_PORT', 'WG_PORT', 'API_PORT', 'WEBUI_PORT', 'HTTP_PORT', 'HTTPS_PORT']) ports[name] = await freePort()
    world.ports = ports
    world.environment = { ...process.env, CELL_INSTANCE: tag, CELL_DIR: world.directory, CELL_NETWORK: `172.30.${world.number}.0/24`, ...Object.fromEntries(Object.entries(ports).map(([k, v]) => [k, String(v)])) }
    world.script('up')
    return world
  }
  /**
   * The network namespace of the far host, for a browser: in it nothing changes when other tests' containers come and go, which is
   * another network to Chromium. 127.0.0.1 leads to this machine there.
   */
  get space() { return `far-${this.tag}` }
  script(...verb) { return execFileSync(join(root, 'tests/support/world.sh'), [this.tag, String(this.number), ...verb], quiet).trim() }
  device(name) { return new Device(this.script('device', name)) }
  start() { return execFileSync(script('start.sh'), { ...quiet, env: this.environment }) }
  setupCode() { return readFileSync(join(this.directory, 'run/setup-code'), 'utf8').trim() }
  /** PEM file of the cell's root, taken as a person would: over plain HTTP. */
  async rootCertificate() {
    const file = join(this.directory, 'root-for-tests.pem')
    writeFileSync(file, await (await fetch(`http://127.0.0.1:${this.ports.WEBUI_PORT}/pki/root.pem`)).text())
    return file
  }
  #docker(...words) { return execFileSync('docker', words, quiet).split('\n').filter(Boolean) }
  containers() { return this.#docker('ps', '-a', '--format', '{{.Names}}', '--filter', `label=cell.instance=${this.tag}`) }
  volumes() { return this.#docker('volume', 'ls', '-q', '--filter', `label=cell.instance=${this.tag}`) }
  restart(part) { this.#docker('restart', `${this.tag}-${part}`) }
  /** The cell from the LAN, where nothing is trusted yet. */
  get lan() { return `http://${this.address}:${this.ports.WEBUI_PORT}` }
  down() {
    this.script('down')
    // Not `make uninstall`: that would take the images along, which other tests use.
    const ours = ['--filter', `label=cell.instance=${this.tag}`]
    // celld first: it would make the others again.
    spawnSync('docker', ['rm', '-f', `${this.tag}-api`])
    for (const id of this.#docker('ps', '-aq', ...ours)) this.#docker('rm', '-f', id)
    for (const id of this.#docker('network', 'ls', '-q', ...ours)) this.#docker('network', 'rm', id)
    for (const name of this.volumes()) this.#docker('volume', 'rm', '-f', name)
    rmSync(this.directory, { recursive: true, force: true })
  }
}
