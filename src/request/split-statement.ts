import type { JsonObject } from '../model/json.ts'
import { refuse } from '../model/refusal.ts'

export interface SplitMetadata {
  /** Without `software_statement`. */
  readonly metadata: JsonObject
  readonly softwareStatement: string | null
}

/**
 * Takes the software statement out of the metadata (RFC 7591 section 2.3), so that it goes on verified or not at all.
 *
 * @throws Refusal `statement-malformed`
 */
export function splitStatement(body: JsonObject, limitBytes: number): SplitMetadata {
  const { software_statement: statement, ...metadata } = body
  if (statement === undefined) return { metadata, softwareStatement: null }
  if (typeof statement === 'string' && statement !== '' && Buffer.byteLength(statement) <= limitBytes)
    return { metadata, softwareStatement: statement }
  throw refuse({
    reason: 'statement-malformed',
    at: 'software_statement',
    message: 'the software statement is empty, too long, or not a string',
    wanted: `a string of 1 to ${limitBytes} bytes`,
  })
}
