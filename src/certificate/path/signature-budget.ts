import type { ParsedCertificate } from '../parse/parsed-certificate.ts'
import { verifySignature, type SignedData } from './verify-signature.ts'

/** Signatures that stay true as long as both parts are held; those of a client's own are forgotten with its connection. */
const verified = new WeakMap<SignedData, WeakMap<ParsedCertificate, boolean>>()

/** Bounds the arithmetic that one client can cause; no pair of a signature and a key is computed twice. */
export class SignatureBudget {
  #left: number

  constructor(limit: number) {
    this.#left = limit
  }

  /** Null when the budget is used up. */
  verify(signed: SignedData, issuer: ParsedCertificate): boolean | null {
    const byIssuer = verified.get(signed) ?? new WeakMap<ParsedCertificate, boolean>()
    verified.set(signed, byIssuer)
    const known = byIssuer.get(issuer)
    if (known !== undefined) return known
    if (this.#left === 0) return null
    this.#left -= 1
    const valid = verifySignature(signed, issuer)
    byIssuer.set(issuer, valid)
    return valid
  }
}
