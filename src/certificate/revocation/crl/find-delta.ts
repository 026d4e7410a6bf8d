import type { ParsedCrl } from './parsed-crl.ts'
import { whyEntriesUnusable, whyUnusable } from './why-unusable.ts'

/** The newest delta list that amends a complete one; null without any (RFC 5280 sections 5.2.4 and 6.3.3 (c) and (h)). */
export function findDelta(
  complete: ParsedCrl,
  deltas: readonly ParsedCrl[],
  now: Date,
  isSigned: (delta: ParsedCrl) => boolean,
): ParsedCrl | null {
  const fitting = deltas.filter(
    (delta) =>
      amends(delta, complete) &&
      whyUnusable(delta, now) === null &&
      isSigned(delta) &&
      whyEntriesUnusable(delta) === null,
  )
  const newestFirst = fitting.toSorted((one, other) => (numberOf(one) < numberOf(other) ? 1 : -1))
  return newestFirst[0] ?? null
}

/** Same issuer, key and scope, and no gap between the two. */
function amends(delta: ParsedCrl, complete: ParsedCrl): boolean {
  const { crlNumber } = complete
  const sameScope = scopeOf(delta) === scopeOf(complete) && delta.authorityKeyId === complete.authorityKeyId
  if (delta.issuerKey !== complete.issuerKey || !sameScope || crlNumber === null) return false
  return delta.baseCrlNumber !== null && delta.baseCrlNumber <= crlNumber && numberOf(delta) > crlNumber
}

function scopeOf({ issuingDistributionPoint }: ParsedCrl): string {
  return issuingDistributionPoint?.der.toString('hex') ?? ''
}

function numberOf({ crlNumber }: ParsedCrl): bigint {
  return crlNumber ?? -1n
}
