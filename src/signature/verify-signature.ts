import type { KeyObject } from 'node:crypto'
import { compactVerify, errors } from 'jose'
import { refuse } from '../model/refusal.ts'
import type { UnverifiedJws } from '../model/unverified-jws.ts'
import type { SignedThing } from './signed-thing.ts'

/**
 * Verifies that the key signed exactly the payload whose claims were parsed (RFC 7515 section 5.2).
 *
 * @throws Refusal with the thing's reason for an invalid signature
 */
export async function verifySignature(
  { compact, payload }: Pick<UnverifiedJws, 'compact' | 'payload'>,
  key: KeyObject,
  algorithms: readonly string[],
  thing: SignedThing,
): Promise<void> {
  try {
    const verified = await compactVerify(compact, key, { algorithms: [...algorithms] })
    if (payload.equals(verified.payload)) return
  } catch (error) {
    // Anything else is our fault, not the registrant's.
    if (!(error instanceof errors.JOSEError)) throw error
    throw invalid(thing, error)
  }
  throw invalid(thing)
}

function invalid({ name, at, signer, reasons }: SignedThing, cause?: errors.JOSEError): Error {
  const message = `the signature of ${name} does not match`
  const wanted = `a signature by the key that ${signer} publishes under this key id`
  const found = 'a signature by another key, or of other content'
  const detail = cause === undefined ? {} : { detail: cause.code }
  return refuse({ reason: reasons.signatureInvalid, at, message, wanted, found, ...detail }, cause)
}
