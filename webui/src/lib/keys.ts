/** A WireGuard key pair in WireGuard's own notation: 32 bytes, base64. */
export interface KeyPair { privateKey: string; publicKey: string }

export const placeholder = '<PRIVATE_KEY>'

function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
}
const fromUrl = (text: string) => text.replace(/-/g, '+').replace(/_/g, '/').padEnd(44, '=')

async function byWebCrypto(): Promise<KeyPair> {
  const pair = (await crypto.subtle.generateKey({ name: 'X25519' }, true, ['deriveBits'])) as CryptoKeyPair
  const jwk = await crypto.subtle.exportKey('jwk', pair.privateKey)
  if (!jwk.d || !jwk.x) throw new Error('the browser gave an incomplete key')
  return { privateKey: fromUrl(jwk.d), publicKey: fromUrl(jwk.x) }
}

async function byLibrary(): Promise<KeyPair> {
  const { x25519 } = await import('@noble/curves/ed25519.js')
  const secret = crypto.getRandomValues(new Uint8Array(32))
  // WireGuard stores the clamped form (RFC 7748 section 5).
  secret[0] = (secret[0] ?? 0) & 248
  secret[31] = ((secret[31] ?? 0) & 127) | 64
  return { privateKey: toBase64(secret), publicKey: toBase64(x25519.getPublicKey(secret)) }
}

/**
 * Makes a key pair in this browser. WebCrypto exists only on HTTPS and localhost and knows X25519 only in newer
 * browsers; on a LAN address over plain HTTP the library does it.
 */
export async function makeKeyPair(): Promise<KeyPair> {
  if (globalThis.crypto?.subtle) {
    try {
      return await byWebCrypto()
    } catch { /* no X25519 here */ }
  }
  return byLibrary()
}

/** Puts the private key that never left this browser into the configuration the server answered. */
export function fillPrivateKey(config: string, privateKey: string): string {
  return config.split(placeholder).join(privateKey)
}
