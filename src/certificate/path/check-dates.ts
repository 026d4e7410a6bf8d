import type { ParsedCertificate } from '../parse/parsed-certificate.ts'
import type { PathProblem } from './path-step.ts'
import type { VerifiedPath } from '../verify-presented.ts'

/**
 * RFC 5280 section 6.1.3 (a) (2), the one part of a verdict that ages, so it is asked on every request. A client whose own dates are
 * wrong hears of those, whatever is wrong above.
 */
export function checkDates({ client, window }: VerifiedPath, now: Date): PathProblem | null {
  if (now > client.facts.notAfter) return wrongDates('client-certificate-expired', client, true, 'has expired', now)
  if (now < client.facts.notBefore)
    return wrongDates('client-certificate-not-yet-valid', client, true, 'is not valid yet', now)
  const reason = 'client-certificate-issuer-expired'
  if (now > window.notAfter) return wrongDates(reason, window.notAfterOf, false, 'has expired', now)
  if (now < window.notBefore) return wrongDates(reason, window.notBeforeOf, false, 'is not valid yet', now)
  return null
}

function wrongDates(
  reason: PathProblem['reason'],
  certificate: ParsedCertificate,
  isClient: boolean,
  message: string,
  now: Date,
): PathProblem {
  const { notBefore, notAfter } = certificate.facts
  const found = `valid from ${notBefore.toISOString()} until ${notAfter.toISOString()}`
  return { reason, certificate, isClient, message, wanted: `valid at ${now.toISOString()}`, found }
}
