import type { Json, JsonObject } from '../model/json.ts'

/** Of the year 9999 in seconds. As milliseconds it lies in 1978, before any client was registered. */
const LAST_SECOND = 253_402_300_799

/** RFC 6749 section 3.3. */
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+$/

/**
 * Gives members their type of RFC 7591 where an identity server gives them another one that can mean one thing only: a list of scopes for
 * the space-delimited text (section 2), and milliseconds for seconds since 1970 (section 3.2.1). Everything else stays as it came.
 */
export function normaliseAnswer<Body extends JsonObject>(body: Body): Body {
  const changes = [
    ['scope', joinScopes(body['scope'])],
    ['client_id_issued_at', toSeconds(body['client_id_issued_at'])],
    ['client_secret_expires_at', toSeconds(body['client_secret_expires_at'])],
  ].filter(([, value]) => value !== undefined)
  return changes.length === 0 ? body : { ...body, ...(Object.fromEntries(changes) as JsonObject) }
}

function joinScopes(scope: Json | undefined): string | undefined {
  if (!Array.isArray(scope) || scope.length === 0) return undefined
  const words = (scope as readonly Json[]).map((word) => (typeof word === 'string' && SCOPE.test(word) ? word : null))
  return words.includes(null) ? undefined : words.join(' ')
}

function toSeconds(time: Json | undefined): number | undefined {
  return typeof time === 'number' && time > LAST_SECOND ? Math.floor(time / 1000) : undefined
}
