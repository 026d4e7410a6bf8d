import type { Json, JsonObject } from '../model/json.ts'
import type { Finding } from '../model/refusal.ts'
import { showValue } from './show-value.ts'

export interface ClaimsDemand {
  readonly issuers: readonly string[]
  /** Null when a statement of any age will do. */
  readonly maxAgeSeconds: number | null
  /** How far the directory's clock may be ahead of ours. */
  readonly clockSkewSeconds: number
}

/** Last second of the year 9999. A count of milliseconds is far beyond it, so that common slip is found, too. */
const LAST_SECOND = 253_402_300_799

/** Compares `iss` exactly: no other case, no trailing slash, no white space (RFC 7519 section 4.1.1). */
export function checkIssuer(claims: JsonObject, issuers: readonly string[]): readonly Finding[] {
  const { iss } = claims
  if (typeof iss === 'string' && issuers.includes(iss)) return []
  return [
    {
      reason: 'statement-issuer-untrusted',
      at: 'software_statement.iss',
      message: 'iss must name the directory that is trusted here',
      wanted: issuers.map(showValue).join(' or ').slice(0, 200) || 'no directory is trusted here',
      found: showValue(iss),
    },
  ]
}

/** Everything wrong with issuer and times of a statement whose signature was verified; empty when nothing is. */
export function checkClaims(claims: JsonObject, demand: ClaimsDemand, now: Date): readonly Finding[] {
  const seconds = now.getTime() / 1000
  return [
    ...checkIssuer(claims, demand.issuers),
    ...checkIssuedAt(claims['iat'], demand, seconds),
    ...checkNotBefore(claims['nbf'], demand, seconds),
    ...checkExpiry(claims['exp'], seconds),
  ]
}

/** RFC 7519 section 2, NumericDate: seconds since 1970, fractions allowed. */
export function isNumericDate(value: Json | undefined): value is number {
  return typeof value === 'number' && value >= 0 && value <= LAST_SECOND
}

function checkIssuedAt(iat: Json | undefined, demand: ClaimsDemand, now: number): readonly Finding[] {
  const { maxAgeSeconds } = demand
  if (iat === undefined && maxAgeSeconds === null) return []
  if (!isNumericDate(iat)) return [notADate('iat', iat)]
  const age = now - iat
  if (maxAgeSeconds !== null && age > maxAgeSeconds) {
    const message = 'the software statement was issued too long ago'
    const ages = { wanted: `at most ${maxAgeSeconds} seconds old`, found: `${Math.ceil(age)} seconds old` }
    return [{ reason: 'statement-too-old', at: 'software_statement.iat', message, ...ages }]
  }
  return fromFuture('iat', -age, demand.clockSkewSeconds)
}

function checkNotBefore(nbf: Json | undefined, demand: ClaimsDemand, now: number): readonly Finding[] {
  if (nbf === undefined) return []
  return isNumericDate(nbf) ? fromFuture('nbf', nbf - now, demand.clockSkewSeconds) : [notADate('nbf', nbf)]
}

/** No leeway: RFC 7519 section 4.1.4 wants the moment to lie in the future, and the skew allowed is that of a clock ahead of ours. */
function checkExpiry(exp: Json | undefined, now: number): readonly Finding[] {
  if (exp === undefined) return []
  if (!isNumericDate(exp)) return [notADate('exp', exp)]
  if (now < exp) return []
  const message = 'the software statement has expired'
  const ages = { wanted: 'an exp in the future', found: `expired ${Math.floor(now - exp)} seconds ago` }
  return [{ reason: 'statement-expired', at: 'software_statement.exp', message, ...ages }]
}

function fromFuture(claim: string, ahead: number, skew: number): readonly Finding[] {
  if (ahead <= skew) return []
  const message = `${claim} of the software statement lies in the future`
  const ages = { wanted: `at most ${skew} seconds ahead`, found: `${Math.ceil(ahead)} seconds ahead` }
  return [{ reason: 'statement-from-future', at: `software_statement.${claim}`, message, ...ages }]
}

function notADate(claim: string, value: Json | undefined): Finding {
  const message = `${claim} of the software statement must be a time in seconds since 1970`
  const wanted = `a number from 0 to ${LAST_SECOND}`
  return {
    ...{ reason: 'statement-claim-invalid', at: `software_statement.${claim}` },
    ...{ message, wanted, found: showValue(value) },
  }
}
