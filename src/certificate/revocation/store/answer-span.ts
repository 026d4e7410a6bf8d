import { RevocationFailure } from './revocation-failure.ts'

/** When an answer is current, and its place among others of the same source. */
export interface AnswerSpan {
  readonly thisUpdate: Date
  readonly nextUpdate: Date | null
  /** CRL number (RFC 5280 section 5.2.3); null where there is none. */
  readonly sequence: bigint | null
}

/** Clocks of issuers run ahead at times. */
const SKEW_MS = 300_000

/**
 * An answer of the network must be current. One that is dated far ahead would, by the rule that nothing older replaces it, keep out all
 * that its issuer says after its clock is set right. @throws RevocationFailure
 */
export function checkCurrent({ thisUpdate, nextUpdate }: AnswerSpan, now: Date): void {
  if (thisUpdate.getTime() > now.getTime() + SKEW_MS)
    throw new RevocationFailure('from-future', `issued at ${thisUpdate.toISOString()}`)
  if (nextUpdate !== null && nextUpdate < now)
    throw new RevocationFailure('out-of-date', `should have been replaced at ${nextUpdate.toISOString()}`)
}

/**
 * Whoever can answer in the issuer's place, as anybody on the way can over plain http, may have kept a genuine answer from before a
 * revocation: it must not take the place of a newer one. A number that runs backwards counts as long as the held answer is current; after
 * that the dates alone decide, lest an issuer that lost count is shut out for good. @throws RevocationFailure
 */
export function checkNotOlder(candidate: AnswerSpan, held: AnswerSpan, now: Date): void {
  if (candidate.thisUpdate < held.thisUpdate)
    throw new RevocationFailure('older', `issued before the one of ${held.thisUpdate.toISOString()} that is held`)
  const heldIsCurrent = held.nextUpdate === null || held.nextUpdate >= now
  if (candidate.sequence === null || held.sequence === null || !heldIsCurrent) return
  if (candidate.sequence < held.sequence)
    throw new RevocationFailure('older', `has a lower number than the one that is held`)
}
