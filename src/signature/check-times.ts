import type { Json, JsonObject } from '../model/json.ts'
import type { Finding } from '../model/refusal.ts'
import { showValue } from './show-value.ts'
import type { SignedThing } from './signed-thing.ts'

export interface TimesDemand {
  /** Null when one of any age will do; otherwise `iat` must be there. */
  readonly maxAgeSeconds: number | null
  /** How far the signer's clock may be ahead of ours. */
  readonly clockSkewSeconds: number
}

/** Last second of the year 9999. A count of milliseconds is far beyond it, so that common slip is found, too. */
const LAST_SECOND = 253_402_300_799

/** Everything wrong with the times of something whose signature was verified; empty when nothing is. */
export function checkTimes(claims: JsonObject, demand: TimesDemand, thing: SignedThing, now: Date): readonly Finding[] {
  const seconds = now.getTime() / 1000
  return [
    ...checkIssuedAt(claims['iat'], demand, thing, seconds),
    ...checkNotBefore(claims['nbf'], demand, thing, seconds),
    ...checkExpiry(claims['exp'], thing, seconds),
  ]
}

/** RFC 7519 section 2, NumericDate: seconds since 1970, fractions allowed. */
export function isNumericDate(value: Json | undefined): value is number {
  return typeof value === 'number' && value >= 0 && value <= LAST_SECOND
}

export function notADate(claim: string, value: Json | undefined, { name, at, reasons }: SignedThing): Finding {
  const message = `${claim} of ${name} must be a time in seconds since 1970`
  const wanted = `a number from 0 to ${LAST_SECOND}`
  return { reason: reasons.claimInvalid, at: `${at}.${claim}`, message, wanted, found: showValue(value) }
}

function checkIssuedAt(
  iat: Json | undefined,
  demand: TimesDemand,
  thing: SignedThing,
  now: number,
): readonly Finding[] {
  const { maxAgeSeconds } = demand
  if (iat === undefined && maxAgeSeconds === null) return []
  if (!isNumericDate(iat)) return [notADate('iat', iat, thing)]
  const age = now - iat
  if (maxAgeSeconds !== null && age > maxAgeSeconds) {
    const message = `${thing.name} was issued too long ago`
    const ages = { wanted: `at most ${maxAgeSeconds} seconds old`, found: `${Math.ceil(age)} seconds old` }
    return [{ reason: thing.reasons.tooOld, at: `${thing.at}.iat`, message, ...ages }]
  }
  return fromFuture('iat', -age, demand, thing)
}

function checkNotBefore(
  nbf: Json | undefined,
  demand: TimesDemand,
  thing: SignedThing,
  now: number,
): readonly Finding[] {
  if (nbf === undefined) return []
  return isNumericDate(nbf) ? fromFuture('nbf', nbf - now, demand, thing) : [notADate('nbf', nbf, thing)]
}

/** No leeway: RFC 7519 section 4.1.4 wants the moment to lie in the future, and the skew allowed is that of a clock ahead of ours. */
function checkExpiry(exp: Json | undefined, thing: SignedThing, now: number): readonly Finding[] {
  if (exp === undefined) return []
  if (!isNumericDate(exp)) return [notADate('exp', exp, thing)]
  if (now < exp) return []
  const message = `${thing.name} has expired`
  const ages = { wanted: 'an exp in the future', found: `expired ${Math.floor(now - exp)} seconds ago` }
  return [{ reason: thing.reasons.expired, at: `${thing.at}.exp`, message, ...ages }]
}

function fromFuture(
  claim: string,
  ahead: number,
  { clockSkewSeconds: skew }: TimesDemand,
  { name, at, reasons }: SignedThing,
): readonly Finding[] {
  if (ahead <= skew) return []
  const message = `${claim} of ${name} lies in the future`
  const ages = { wanted: `at most ${skew} seconds ahead`, found: `${Math.ceil(ahead)} seconds ahead` }
  return [{ reason: reasons.fromFuture, at: `${at}.${claim}`, message, ...ages }]
}
