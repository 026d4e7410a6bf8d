import type { ParsedCertificate } from '../parse/parsed-certificate.ts'
import { verifySignature } from './verify-signature.ts'

/** Signatures that stay true as long as both certificates are held; a client's own are forgotten with its connection. */
const verified = new WeakMap<ParsedCertificate, WeakMap<ParsedCertificate, boolean>>()

/** Bounds the arithmetic that one client can cause; no pair of certificates is computed twice. */
export class SignatureBudget {
  #left: number

  constructor(limit: number) {
    this.#left = limit
  }

  /** Null when the budget is used up. */
  verify(certificate: ParsedCertificate, issuer: ParsedCertificate): boolean | null {
    const byIssuer = verified.get(certificate) ?? new WeakMap<ParsedCertificate, boolean>()
    verified.set(certificate, byIssuer)
    const known = byIssuer.get(issuer)
    if (known !== undefined) return known
    if (this.#left === 0) return null
    this.#left -= 1
    const valid = verifySignature(certificate, issuer)
    byIssuer.set(issuer, valid)
    return valid
  }
}
