import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import openapiTS, { astToString, COMMENT_HEADER, type OpenAPI3 } from 'openapi-typescript'
import { expect, it } from 'vitest'

const read = (path: string) => readFileSync(join(__dirname, '../..', path), 'utf8')

it('schema.d.ts is what npm run types makes of openapi.json', async () => {
  const made = COMMENT_HEADER + astToString(await openapiTS(JSON.parse(read('openapi.json')) as OpenAPI3))
  // Not toBe: the difference of two long files tells less than the command that ends it.
  expect(made === read('src/api/schema.d.ts'), 'schema.d.ts does not belong to openapi.json: npm run types, or make types').toBe(true)
}, 30_000)
