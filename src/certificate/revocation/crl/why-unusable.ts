import type { ParsedCrl } from './parsed-crl.ts'

/** Why a list says nothing at a moment, whoever signed it; null when it does (RFC 5280 sections 5.2, 5.3 and 6.3.3 (a)). */
export function whyUnusable({ notUnderstood, thisUpdate, nextUpdate }: ParsedCrl, now: Date): string | null {
  if (notUnderstood !== null) return 'the revocation list has a critical extension that is not supported'
  if (thisUpdate > now) return 'the revocation list is dated in the future'
  // Section 5.1.2.5 demands it; a list that never ends could be replayed for ever.
  if (nextUpdate === null) return 'the revocation list does not say until when it holds'
  return nextUpdate < now ? 'the revocation list is out of date' : null
}
