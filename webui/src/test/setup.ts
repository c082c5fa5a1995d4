import { cleanup } from '@testing-library/react'
import { afterEach, beforeAll, vi } from 'vitest'
import { startI18n } from '../i18n'

// What jsdom lacks and the components ask for.
Object.assign(globalThis, {
  ResizeObserver: class { observe() {} unobserve() {} disconnect() {} },
  matchMedia: (media: string) => ({ matches: false, media, addEventListener() {}, removeEventListener() {} }),
})
Element.prototype.scrollIntoView = () => undefined
Element.prototype.hasPointerCapture = () => false

beforeAll(startI18n)
afterEach(() => {
  cleanup()
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})
