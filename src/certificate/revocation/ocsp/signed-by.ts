import type { ParsedCertificate } from '../../parse/parsed-certificate.ts'
import { verifySignature, type SignedData } from '../../path/verify-signature.ts'

/** A signature does not age, while dates are looked at with every request: no pair is computed twice as long as both are held. */
const known = new WeakMap<SignedData, WeakMap<ParsedCertificate, boolean>>()

/** Whether the key of `signer` made the signature. */
export function signedBy(signed: SignedData, signer: ParsedCertificate): boolean {
  const bySigner = known.get(signed) ?? new WeakMap<ParsedCertificate, boolean>()
  known.set(signed, bySigner)
  const valid = bySigner.get(signer) ?? verifySignature(signed, signer)
  bySigner.set(signer, valid)
  return valid
}
