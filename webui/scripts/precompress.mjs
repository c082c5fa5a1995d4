// Writes a .br and a .gz beside every text asset of dist/, so that the server only has to send files.
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const dist = new URL('../dist/', import.meta.url).pathname
const kinds = /\.(html|js|css|svg|json|txt|webmanifest)$/
let script = 0

for (const entry of await readdir(dist, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !kinds.test(entry.name)) continue
  const path = join(entry.parentPath ?? entry.path, entry.name)
  const plain = await readFile(path)
  const gz = gzipSync(plain, { level: 9 })
  const br = brotliCompressSync(plain, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_SIZE_HINT]: plain.length,
    },
  })
  await writeFile(`${path}.gz`, gz)
  await writeFile(`${path}.br`, br)
  if (path.endsWith('.js')) script += gz.length
}

// The first load is the entry script and what it imports at once; Vite lists those as modulepreload links.
const html = await readFile(join(dist, 'index.html'), 'utf8')
const first = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map((m) => m[1])
let firstLoad = 0
for (const name of new Set(first)) firstLoad += (await readFile(join(dist, `${name}.gz`))).length
const kb = (n) => `${(n / 1024).toFixed(1)} KB`
console.log(`script: first load ${kb(firstLoad)} gzip, all routes ${kb(script)} gzip`)
if (firstLoad > 200 * 1024) {
  console.error('first load is over the budget of 200 KB gzip: make a route or a library lazy')
  process.exit(1)
}
