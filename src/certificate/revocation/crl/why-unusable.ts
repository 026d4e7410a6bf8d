import { CrlSyntaxError } from './crl-syntax-error.ts'
import type { ParsedCrl } from './parsed-crl.ts'

const NOT_SUPPORTED = 'the revocation list has a critical extension that is not supported'

/** Why a list says nothing at a moment, whoever signed it; null when it does (RFC 5280 sections 5.2 and 6.3.3 (a)). */
export function whyUnusable({ notUnderstood, thisUpdate, nextUpdate }: ParsedCrl, now: Date): string | null {
  if (notUnderstood !== null) return NOT_SUPPORTED
  if (thisUpdate > now) return 'the revocation list is dated in the future'
  // Section 5.1.2.5 demands it; a list that never ends could be replayed for ever.
  if (nextUpdate === null) return 'the revocation list does not say until when it holds'
  return nextUpdate < now ? 'the revocation list is out of date' : null
}

/** The same of its entries (section 5.3), for a list whose signature holds: this reads them all. */
export function whyEntriesUnusable({ entries }: ParsedCrl): string | null {
  try {
    return entries.notUnderstood === null ? null : NOT_SUPPORTED
  } catch (failure) {
    if (failure instanceof CrlSyntaxError) return 'the revocation list has an entry that cannot be read'
    throw failure
  }
}
