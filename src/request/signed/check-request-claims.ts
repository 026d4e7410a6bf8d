import type { Json, JsonObject } from '../../model/json.ts'
import type { SignedRequestDemand } from '../../model/policy.ts'
import type { Finding } from '../../model/refusal.ts'
import { checkTimes, isNumericDate, notADate } from '../../signature/check-times.ts'
import { showValue } from '../../signature/show-value.ts'
import { SIGNED_REQUEST } from './request-words.ts'

type TimesDemand = Pick<
  SignedRequestDemand,
  'expiryRequired' | 'maxAgeSeconds' | 'maxLifetimeSeconds' | 'clockSkewSeconds'
>

/** Everything wrong with audience and times of a request whose signature was verified; `audience` is null where nobody looks at it. */
export function checkRequestClaims(
  claims: JsonObject,
  demand: TimesDemand,
  audience: readonly string[] | null,
  now: Date,
): readonly Finding[] {
  return [
    ...(audience === null ? [] : checkAudience(claims['aud'], audience)),
    ...checkTimes(claims, demand, SIGNED_REQUEST, now),
    ...checkTimesThere(claims, demand),
    ...checkLifetime(claims, demand),
  ]
}

/** A request that another server was meant to get must not work here (RFC 8725 section 3.9); a string or a list of them (RFC 7519 section 4.1.3). */
function checkAudience(aud: Json | undefined, audience: readonly string[]): readonly Finding[] {
  const named = Array.isArray(aud) ? (aud as readonly Json[]) : [aud]
  const isWellFormed = named.every((name) => typeof name === 'string')
  if (isWellFormed && named.some((name) => typeof name === 'string' && audience.includes(name))) return []
  return [
    {
      reason: 'request-audience-wrong',
      at: 'request.aud',
      message: 'the request is not meant for this server',
      wanted: audience.map(showValue).join(' or ').slice(0, 200),
      found: named.slice(0, 3).map(showValue).join(', '),
    },
  ]
}

/** Times that other checks pass over where they are missing. */
function checkTimesThere({ iat, exp }: JsonObject, demand: TimesDemand): readonly Finding[] {
  const hasLimit = demand.maxLifetimeSeconds !== null
  return [
    ...(iat === undefined && hasLimit && demand.maxAgeSeconds === null ? [notADate('iat', iat, SIGNED_REQUEST)] : []),
    ...(exp === undefined && (demand.expiryRequired || hasLimit) ? [notADate('exp', exp, SIGNED_REQUEST)] : []),
  ]
}

/** One that is good for years could be shown again for years. */
function checkLifetime({ iat, exp }: JsonObject, { maxLifetimeSeconds }: TimesDemand): readonly Finding[] {
  if (maxLifetimeSeconds === null) return []
  // Where one is missing or no date that is a finding already.
  if (!isNumericDate(iat) || !isNumericDate(exp) || exp - iat <= maxLifetimeSeconds) return []
  return [
    {
      reason: 'request-lifetime-too-long',
      at: 'request.exp',
      message: 'the request is meant to be good for too long',
      ...{ wanted: `at most ${maxLifetimeSeconds} seconds after iat`, found: `${Math.ceil(exp - iat)} seconds` },
    },
  ]
}
