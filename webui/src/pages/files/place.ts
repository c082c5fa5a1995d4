/** Where the browser asks a service that stands at `address`; `elsewhere`: only at this other address of the cell can it. */
export type Place = { base: string } | { elsewhere: string }

/**
 * Browsers send a service its cookie only from a page of the same site, so from https://<domain>. The port is the page's:
 * both are behind one proxy, which devices in the tunnel reach by 443 and the house by the published port.
 */
export function placeOf(address: string, page: Pick<Location, 'origin' | 'protocol' | 'hostname' | 'port'>): Place {
  const at = new URL(address)
  if (at.origin === page.origin) return { base: address.replace(/\/+$/, '') }
  if (page.protocol === 'https:' && at.hostname.endsWith(`.${page.hostname}`)) {
    at.port = page.port
    return { base: at.origin }
  }
  at.hostname = at.hostname.slice(at.hostname.indexOf('.') + 1)
  return { elsewhere: at.origin }
}

/** Origins that this page's policy did not let it ask: services that were installed after it was loaded. */
const refused = new Set<string>()
document.addEventListener('securitypolicyviolation', (e) => {
  if (e.effectiveDirective === 'connect-src' && e.blockedURI.includes('://')) refused.add(new URL(e.blockedURI).origin)
})

const reloaded = 'cell.policy-renewed'
/** Loads the page anew where its policy is what was in the way; false where that was tried a moment ago. */
export async function renewPolicy(url: string): Promise<boolean> {
  // The browser tells of it in a task of its own.
  await new Promise((done) => { setTimeout(done, 50) })
  if (!refused.has(new URL(url, location.href).origin) || Date.now() - Number(sessionStorage.getItem(reloaded)) < 60_000) return false
  sessionStorage.setItem(reloaded, String(Date.now()))
  location.reload()
  return true
}
