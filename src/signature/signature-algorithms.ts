import type { KeyObject } from 'node:crypto'

interface KeyKind {
  readonly type: 'rsa' | 'ec' | 'ed25519'
  /** OpenSSL curve name, for `ec` only. */
  readonly curve?: string
}

/**
 * Every algorithm a policy may allow (RFC 7518 section 3.1, RFC 8037 section 3.1). `none` and HMAC are not here, so no policy can
 * let anybody sign, or let a published key serve as a shared secret (RFC 8725 sections 2.1 and 3.1).
 */
const KEY_KINDS: ReadonlyMap<string, KeyKind> = new Map<string, KeyKind>([
  ...['PS256', 'PS384', 'PS512', 'RS256', 'RS384', 'RS512'].map((name) => [name, { type: 'rsa' }] as const),
  ['ES256', { type: 'ec', curve: 'prime256v1' }],
  ['ES384', { type: 'ec', curve: 'secp384r1' }],
  ['ES512', { type: 'ec', curve: 'secp521r1' }],
  ['EdDSA', { type: 'ed25519' }],
])

export function isSignatureAlgorithm(name: string): boolean {
  return KEY_KINDS.has(name)
}

/** Whether the key is of the type, and the curve, that the algorithm works with. */
export function isUsableFor(key: KeyObject, algorithm: string): boolean {
  const kind = KEY_KINDS.get(algorithm)
  return kind?.type === key.asymmetricKeyType && kind?.curve === key.asymmetricKeyDetails?.namedCurve
}

/** Whether any algorithm above works with the key. */
export function isUsable(key: KeyObject): boolean {
  return [...KEY_KINDS.keys()].some((algorithm) => isUsableFor(key, algorithm))
}
