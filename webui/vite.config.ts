import tailwindcss from '@tailwindcss/vite'
import { defineConfig } from 'vitest/config'

const server = process.env.CELL_URL ?? 'http://127.0.0.1:8081'

export default defineConfig({
  plugins: [tailwindcss()],
  esbuild: { jsx: 'automatic' },
  build: {
    target: 'es2022',
    // Nothing inlined: the server's content security policy allows its own origin only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  // All at once, so that no page is reloaded when a later chunk brings another library.
  optimizeDeps: { entries: ['index.html', 'src/**/*.tsx'] },
  server: { proxy: { '/api': server, '/health': server, '/pki': server } },
  test: {
    environment: 'jsdom',
    globals: false,
    setupFiles: ['src/test/setup.ts'],
    include: ['src/**/*.test.{ts,tsx}'],
    pool: 'forks',
    poolOptions: { forks: { maxForks: 2 } },
  },
})
