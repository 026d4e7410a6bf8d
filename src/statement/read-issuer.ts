import type { JsonLimits } from '../json/parse-strict-json.ts'
import { parseJws } from '../signature/parse-jws.ts'
import { SOFTWARE_STATEMENT } from './statement-words.ts'

/**
 * Whom a statement names as its issuer, unverified: good for choosing who is to verify it, and for nothing else. Null when it names nobody.
 *
 * @throws Refusal `statement-malformed`
 */
export function readIssuer(compact: string, limits: JsonLimits): string | null {
  const { iss } = parseJws(compact, SOFTWARE_STATEMENT, limits).claims
  return typeof iss === 'string' ? iss : null
}
