import type { JsonLimits } from '../json/parse-strict-json.ts'
import { parseStatement } from './parse-statement.ts'

/**
 * Whom a statement names as its issuer, unverified: good for choosing who is to verify it, and for nothing else. Null when it names nobody.
 *
 * @throws Refusal `statement-malformed`
 */
export function readIssuer(compact: string, limits: JsonLimits): string | null {
  const { iss } = parseStatement(compact, limits).claims
  return typeof iss === 'string' ? iss : null
}
