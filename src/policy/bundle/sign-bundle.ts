import type { KeyObject } from 'node:crypto'
import { CompactSign, calculateJwkThumbprint, exportJWK } from 'jose'

/** Says what the signature is for: one that the same key made of anything else is none of a bundle (RFC 8725 section 3.11). */
export const BUNDLE_TYPE = 'dcr-gateway-bundle+jws'

export interface BundleSignature {
  /** Compact JWS with detached payload (RFC 7515 appendix F): `header..signature`. */
  readonly detached: string
  readonly algorithm: BundleAlgorithm
  readonly keyId: string
}

export const BUNDLE_ALGORITHMS = ['PS256', 'ES256', 'EdDSA'] as const
export type BundleAlgorithm = (typeof BUNDLE_ALGORITHMS)[number]

/** Signs the bytes of a bundle; the key is named by its thumbprint (RFC 7638) where nobody names it. */
export async function signBundle(bytes: Buffer, privateKey: KeyObject, named?: string): Promise<BundleSignature> {
  const algorithm = algorithmFor(privateKey)
  if (algorithm === null) throw new TypeError('bundles are signed with an RSA, P-256 or Ed25519 key')
  const keyId = named ?? (await calculateJwkThumbprint(await exportJWK(privateKey)))
  const header = { alg: algorithm, kid: keyId, typ: BUNDLE_TYPE }
  const compact = await new CompactSign(bytes).setProtectedHeader(header).sign(privateKey)
  const [head, , signature] = compact.split('.')
  return { detached: `${head ?? ''}..${signature ?? ''}`, algorithm, keyId }
}

/** The one algorithm for a kind of key, so that nobody has to choose; null for keys that are not taken. */
export function algorithmFor({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): BundleAlgorithm | null {
  if (asymmetricKeyType === 'ed25519') return 'EdDSA'
  if (asymmetricKeyType === 'rsa') return (asymmetricKeyDetails?.modulusLength ?? 0) >= 2048 ? 'PS256' : null
  return asymmetricKeyType === 'ec' && asymmetricKeyDetails?.namedCurve === 'prime256v1' ? 'ES256' : null
}
