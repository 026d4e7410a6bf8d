import { createHash } from 'node:crypto'
import type { ParsedCertificate } from '../../parse/parsed-certificate.ts'

const known = new WeakMap<ParsedCertificate, string>()

/**
 * Name and key of an issuer in one word, the same for all its certificates. Part of every key of the store: otherwise an issuer could
 * name another's CRL and, as it does not verify for itself, get in the way of its refresh.
 */
export function issuerId(issuer: ParsedCertificate): string {
  const id =
    known.get(issuer) ??
    createHash('sha256').update(issuer.subjectNameDer).update(issuer.publicKeyDer).digest('base64url')
  known.set(issuer, id)
  return id
}

/** The issuer that a key of the store begins with. */
export function ownerOfKey(key: string): string {
  return key.slice(0, key.indexOf(' '))
}
