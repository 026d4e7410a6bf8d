import type { JsonLimits } from '../../json/parse-strict-json.ts'
import { refuse } from '../../model/refusal.ts'
import type { UnverifiedJws } from '../../model/unverified-jws.ts'
import { parseJws } from '../../signature/parse-jws.ts'
import { SIGNED_REQUEST } from './request-words.ts'

/**
 * Takes the body of a signed request apart, which is one compact JWS and nothing else, not even a line break.
 *
 * @throws Refusal `body-missing`, `request-signature-malformed`
 */
export function parseSignedRequest(body: Buffer, limits: JsonLimits): UnverifiedJws {
  if (body.length === 0) throw refuse({ reason: 'body-missing', at: 'body', message: 'there is no body' })
  // Every byte keeps a letter of its own, so that nothing outside of the alphabet can turn into something within it.
  return parseJws(body.toString('latin1'), SIGNED_REQUEST, limits)
}
