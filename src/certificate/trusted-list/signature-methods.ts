import { constants, createHash, verify, type KeyObject } from 'node:crypto'

type Digest = 'sha256' | 'sha384' | 'sha512'

export interface SignatureMethod {
  readonly keyTypes: readonly string[]
  readonly digest: Digest
  readonly padding?: number
  /** RFC 9231 section 2.3.10: as long as the digest. */
  readonly saltLength?: number
  /** XML Signature 1.1 section 6.4.3: two numbers side by side, no DER. */
  readonly dsaEncoding?: 'ieee-p1363'
}

const MORE = 'http://www.w3.org/2001/04/xmldsig-more#'
const MORE_2007 = 'http://www.w3.org/2007/05/xmldsig-more#'

/** RFC 9231 section 2.3 and XML Signature 1.1 section 6.4, without what rests on SHA-1 or on a shared secret. */
export const SIGNATURE_METHODS: ReadonlyMap<string, SignatureMethod> = new Map([
  [`${MORE}rsa-sha256`, rsa('sha256')],
  [`${MORE}rsa-sha384`, rsa('sha384')],
  [`${MORE}rsa-sha512`, rsa('sha512')],
  [`${MORE}ecdsa-sha256`, ecdsa('sha256')],
  [`${MORE}ecdsa-sha384`, ecdsa('sha384')],
  [`${MORE}ecdsa-sha512`, ecdsa('sha512')],
  [`${MORE_2007}sha256-rsa-MGF1`, pss('sha256', 32)],
  [`${MORE_2007}sha384-rsa-MGF1`, pss('sha384', 48)],
  [`${MORE_2007}sha512-rsa-MGF1`, pss('sha512', 64)],
])

export const DIGEST_METHODS: ReadonlyMap<string, Digest> = new Map([
  ['http://www.w3.org/2001/04/xmlenc#sha256', 'sha256'],
  [`${MORE}sha384`, 'sha384'],
  ['http://www.w3.org/2001/04/xmlenc#sha512', 'sha512'],
])

/** False also for a key of another type than the method's: what a list says never decides how a key is used. */
export function verifyWithMethod(method: SignatureMethod, key: KeyObject, signed: Buffer, signature: Buffer): boolean {
  const { keyTypes, digest, ...options } = method
  if (!keyTypes.includes(key.asymmetricKeyType ?? '')) return false
  try {
    return verify(digest, signed, { key, ...options }, signature)
  } catch {
    // OpenSSL raises errors for some signatures that cannot be right, such as one of the wrong length.
    return false
  }
}

export function digestBase64(digest: Digest, text: string): string {
  return createHash(digest).update(text, 'utf8').digest('base64')
}

function rsa(digest: Digest): SignatureMethod {
  return { keyTypes: ['rsa'], digest, padding: constants.RSA_PKCS1_PADDING }
}

function pss(digest: Digest, saltLength: number): SignatureMethod {
  return { keyTypes: ['rsa', 'rsa-pss'], digest, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength }
}

function ecdsa(digest: Digest): SignatureMethod {
  return { keyTypes: ['ec'], digest, dsaEncoding: 'ieee-p1363' }
}
