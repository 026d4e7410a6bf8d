import { constants, createPublicKey, verify, type KeyObject } from 'node:crypto'
import type { ParsedCertificate } from '../parse/parsed-certificate.ts'
import type { SignatureAlgorithm } from '../parse/read-signature-algorithm.ts'

/** What X.509 signs in one and the same way: certificates, CRLs, OCSP answers. */
export interface SignedData {
  /** The part that is signed. */
  readonly tbs: Buffer
  readonly signature: Buffer
  readonly signatureAlgorithm: SignatureAlgorithm
}

/** Whether the key of `signer` made the signature of `signed`; who that is and whether it may is not asked here. */
export function verifySignature(signed: SignedData, signer: ParsedCertificate): boolean {
  const { scheme } = signed.signatureAlgorithm
  const key = importPublicKey(signer)
  if (scheme === null || key === null || !scheme.keyTypes.includes(signer.facts.publicKey.type)) return false
  const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: scheme.saltLength ?? 0 }
  try {
    return verify(
      scheme.digest,
      signed.tbs,
      { key, ...(scheme.saltLength === null ? {} : pss) },
      signed.signature,
    )
  } catch {
    // OpenSSL raises errors for some signatures that cannot be right, such as one with a salt longer than the key.
    return false
  }
}

/** Importing costs more than checking a signature, and the certificates of a trust store serve every connection. */
const imported = new WeakMap<ParsedCertificate, KeyObject | null>()

function importPublicKey(certificate: ParsedCertificate): KeyObject | null {
  const known = imported.get(certificate)
  if (known !== undefined) return known
  const key = tryImport(certificate.publicKeyDer)
  imported.set(certificate, key)
  return key
}

/** Null for a key that only looks well-formed, such as a point that is not on its curve. */
function tryImport(publicKeyDer: Buffer): KeyObject | null {
  try {
    return createPublicKey({ key: publicKeyDer, format: 'der', type: 'spki' })
  } catch {
    return null
  }
}
