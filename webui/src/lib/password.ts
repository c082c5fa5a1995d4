export const minimumLength = 8
export type Strength = 0 | 1 | 2 | 3 | 4

const common = ['password', 'passwort', 'qwerty', 'qwertz', 'admin', 'letmein', 'welcome', 'iloveyou', '12345', '11111', 'abc123', 'dragon', 'monkey', 'master', 'login', 'geheim', 'azerty', 'motdepasse', 'changeme', 'secret']

function alphabet(text: string): number {
  let size = 0
  if (/[a-z]/.test(text)) size += 26
  if (/[A-Z]/.test(text)) size += 26
  if (/\d/.test(text)) size += 10
  if (/[^\w]|_/.test(text)) size += 33
  return size || 1
}

/** Letters that repeat or follow their neighbour (aaa, 456, fed) say almost nothing. */
function effectiveLength(text: string): number {
  let n = 0
  for (let i = 0; i < text.length; i++) {
    const step = i === 0 ? 9 : text.charCodeAt(i) - text.charCodeAt(i - 1)
    n += step === 0 ? 0.1 : Math.abs(step) === 1 ? 0.2 : 1
  }
  return n
}

/** A rough guess at how long a guesser would need, 0 (at once) to 4 (not in our lifetime). */
export function strength(password: string, related: string[] = []): Strength {
  let text = password
  for (const word of [...common, ...related.filter((w) => w.length > 2)]) {
    text = text.replace(new RegExp(word.replace(/[^\p{L}\p{N}]/gu, '\\$&'), 'gi'), '0')
  }
  const bits = effectiveLength(text) * Math.log2(alphabet(text))
  if (password.length < minimumLength || bits < 30) return bits < 18 ? 0 : 1
  if (bits < 50) return 2
  return bits < 72 ? 3 : 4
}
