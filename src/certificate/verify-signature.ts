import { constants, createPublicKey, verify, type KeyObject } from 'node:crypto'
import type { ParsedCertificate } from './parsed-certificate.ts'

/** Whether the key of `issuer` made the signature of `certificate`; who that is and whether it may is not asked here. */
export function verifySignature(certificate: ParsedCertificate, issuer: ParsedCertificate): boolean {
  const { scheme } = certificate.signatureAlgorithm
  const key = importPublicKey(issuer)
  if (scheme === null || key === null || !scheme.keyTypes.includes(issuer.facts.publicKey.type)) return false
  const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: scheme.saltLength ?? 0 }
  try {
    return verify(
      scheme.digest,
      certificate.tbs,
      { key, ...(scheme.saltLength === null ? {} : pss) },
      certificate.signature,
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
