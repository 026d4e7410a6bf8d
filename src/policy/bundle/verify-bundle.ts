import { createPublicKey, type KeyObject } from 'node:crypto'
import { compactVerify, decodeProtectedHeader, errors, type JWK } from 'jose'
import { PRIVATE_KEY_MEMBERS } from '../../model/private-key-members.ts'
import { BundleSyntaxError } from './policy-bundle.ts'
import { algorithmFor, BUNDLE_TYPE } from './sign-bundle.ts'

/** A key that may sign policies, as the operator pinned it. */
export interface BundleSigner {
  readonly keyId: string
  readonly key: KeyObject
}

/** Keys of a JWKS document that may sign bundles. @throws BundleSyntaxError */
export function parseSigners(document: string): readonly BundleSigner[] {
  const wanted = 'a JWKS document of public keys, each with a kid of its own'
  const keys = (parseJson(document, wanted) as { keys?: unknown } | null)?.keys
  if (!Array.isArray(keys) || keys.length === 0) throw new BundleSyntaxError(wanted, 'no keys')
  const signers = (keys as readonly (JWK | null)[]).map(parseSigner)
  const twice = signers.find(({ keyId }, index) => signers.findIndex((other) => other.keyId === keyId) < index)
  if (twice !== undefined) throw new BundleSyntaxError(wanted, `two with kid ${twice.keyId}`)
  return signers
}

function parseJson(text: string, wanted: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new BundleSyntaxError(wanted, 'no JSON')
  }
}

function parseSigner(jwk: JWK | null, index: number): BundleSigner {
  const at = `keys[${index}]`
  if (typeof jwk?.kid !== 'string' || jwk.kid === '')
    throw new BundleSyntaxError('a kid for every key', `none at ${at}`)
  // Whoever can read the settings of a gateway could sign policies for it.
  if (PRIVATE_KEY_MEMBERS.some((member) => member in jwk))
    throw new BundleSyntaxError('public keys', `a private one at ${at}`)
  const key = importKey(jwk)
  if (key === null || algorithmFor(key) === null)
    throw new BundleSyntaxError('RSA keys of 2048 bits or more, P-256 or Ed25519 keys', `another at ${at}`)
  return { keyId: jwk.kid, key }
}

function importKey(jwk: JWK): KeyObject | null {
  try {
    return createPublicKey({ key: { ...jwk }, format: 'jwk' })
  } catch {
    return null
  }
}

/**
 * Holds a bundle against its detached signature: made by one of the signers, over these very bytes, for a bundle. Returns who signed.
 *
 * @throws BundleSyntaxError
 */
export async function verifyBundle(
  bytes: Buffer,
  detached: string,
  signers: readonly BundleSigner[],
): Promise<BundleSigner> {
  const wanted = `a detached JWS of ${signers.map(({ keyId }) => keyId).join(' or ')}`
  const [head, payload, signature, ...others] = detached.trim().split('.')
  if (head === undefined || payload !== '' || signature === undefined || others.length > 0)
    throw new BundleSyntaxError(wanted, 'something that is no detached JWS')
  const compact = `${head}.${bytes.toString('base64url')}.${signature}`
  const { kid, typ } = headerOf(compact, wanted)
  if (typ !== BUNDLE_TYPE) throw new BundleSyntaxError(`typ ${BUNDLE_TYPE} in the signature`, show(typ))
  const signer = signers.find(({ keyId }) => keyId === kid)
  const algorithm = signer === undefined ? null : algorithmFor(signer.key)
  if (signer === undefined || algorithm === null) throw new BundleSyntaxError(wanted, `one of ${show(kid)}`)
  try {
    // The algorithm is that of the pinned key; what the header asks for does not matter (RFC 8725 section 3.1).
    await compactVerify(compact, signer.key, { algorithms: [algorithm] })
    return signer
  } catch (failure) {
    if (!(failure instanceof errors.JOSEError)) throw failure
    throw new BundleSyntaxError(wanted, `a signature that does not match (${failure.code})`)
  }
}

function headerOf(compact: string, wanted: string): { readonly kid?: unknown; readonly typ?: unknown } {
  try {
    return decodeProtectedHeader(compact)
  } catch {
    throw new BundleSyntaxError(wanted, 'a header that is no JSON object')
  }
}

function show(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 60) : 'none'
}
