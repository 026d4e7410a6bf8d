import { reasonEntry, type Reason } from '../model/reasons.ts'

/** RFC 6750 section 3.1. */
const TOKEN_ERRORS: ReadonlySet<string> = new Set(['invalid_request', 'invalid_token', 'insufficient_scope'])

/**
 * The challenge of an answer that is about a token: of the built-in checks of it, and of a rule that answers 401 or 403 with an error of
 * RFC 6750. A regime may name errors and statuses as it likes; what stands in the challenge stays an error of that RFC.
 */
export function challenge(reason: Reason, error: string, status: number): Record<string, string> {
  // RFC 6750 section 3.1: no error code where no token was sent.
  if (reason === 'management-token-required') return { 'www-authenticate': 'Bearer' }
  const isBuiltIn = reason.startsWith('management-token-')
  if (!isBuiltIn && !(TOKEN_ERRORS.has(error) && [401, 403].includes(status))) return {}
  return { 'www-authenticate': `Bearer error="${TOKEN_ERRORS.has(error) ? error : reasonEntry(reason).error}"` }
}
