import { x25519 } from '@noble/curves/ed25519.js'
import { describe, expect, it, vi } from 'vitest'
import { fillPrivateKey, makeKeyPair } from '../lib/keys'

const bytes = (b64: string) => Uint8Array.from(atob(b64), (c) => c.charCodeAt(0))

describe('makeKeyPair', () => {
  for (const [how, subtle] of [['without WebCrypto, as on plain HTTP', undefined], ['where X25519 is not known', { generateKey: () => Promise.reject(new Error('no')) }], ['with what this runtime has', globalThis.crypto.subtle]] as const) {
    it(`gives a matching pair ${how}`, async () => {
      const random = globalThis.crypto.getRandomValues.bind(globalThis.crypto)
      vi.stubGlobal('crypto', { getRandomValues: random, subtle })
      const pair = await makeKeyPair()
      expect(pair.privateKey).toMatch(/^[A-Za-z0-9+/]{43}=$/)
      expect(bytes(pair.publicKey)).toEqual(x25519.getPublicKey(bytes(pair.privateKey)))
      expect((await makeKeyPair()).privateKey).not.toBe(pair.privateKey)
    })
  }
  it('rests on a library that agrees with RFC 7748 section 6.1', () => {
    const hex = (text: string) => Uint8Array.from(text.match(/../g) ?? [], (h) => parseInt(h, 16))
    const alice = hex('77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a')
    expect(x25519.getPublicKey(alice)).toEqual(hex('8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a'))
  })
})

describe('fillPrivateKey', () => {
  it('replaces the placeholder and nothing else, whatever the key contains', () => {
    expect(fillPrivateKey('[Interface]\nPrivateKey = <PRIVATE_KEY>\nAddress = 10.0.0.2\n', "a$&b+/='")).toBe("[Interface]\nPrivateKey = a$&b+/='\nAddress = 10.0.0.2\n")
  })
})
