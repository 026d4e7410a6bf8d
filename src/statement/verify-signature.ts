import type { KeyObject } from 'node:crypto'
import { compactVerify, errors } from 'jose'
import { refuse } from '../model/refusal.ts'
import type { UnverifiedStatement } from './parse-statement.ts'

/**
 * Verifies that the key signed exactly the payload whose claims were parsed (RFC 7515 section 5.2).
 *
 * @throws Refusal `statement-signature-invalid`
 */
export async function verifySignature(
  { compact, payload }: UnverifiedStatement,
  key: KeyObject,
  algorithms: readonly string[],
): Promise<void> {
  try {
    const verified = await compactVerify(compact, key, { algorithms: [...algorithms] })
    if (payload.equals(verified.payload)) return
  } catch (error) {
    // Anything else is our fault, not the registrant's.
    if (!(error instanceof errors.JOSEError)) throw error
    throw invalid(error)
  }
  throw invalid()
}

function invalid(cause?: errors.JOSEError): Error {
  const message = 'the signature of the software statement does not match'
  const wanted = 'a signature by the key that the directory publishes under this key id'
  const found = 'a signature by another key, or of other content'
  const detail = cause === undefined ? {} : { detail: cause.code }
  const finding = {
    reason: 'statement-signature-invalid',
    at: 'software_statement',
    message,
    wanted,
    found,
    ...detail,
  } as const
  return refuse(finding, cause)
}
