import { JsonFault, parseStrictJson, type JsonLimits } from '../json/parse-strict-json.ts'
import { isJsonObject, type JsonObject } from '../model/json.ts'
import { refuse, type Refusal } from '../model/refusal.ts'

/** A software statement taken apart; nothing in it is true yet. */
export interface UnverifiedStatement {
  readonly compact: string
  readonly header: JsonObject
  readonly payload: Buffer
  /** The payload read as JSON. */
  readonly claims: JsonObject
}

/** Takes a compact JWS apart (RFC 7515 section 7.1) whose header and payload are strict JSON objects. @throws Refusal `statement-malformed` */
export function parseStatement(compact: string, limits: JsonLimits): UnverifiedStatement {
  const [header, payload, signature, ...others] = compact.split('.', 4)
  if (header === undefined || payload === undefined || signature === undefined || others.length > 0)
    throw malformed(
      'the software statement must have three parts',
      'three parts with a dot in between',
      'another number of parts',
    )
  const headerBytes = decodePart(header, 'header')
  const payloadBytes = decodePart(payload, 'payload')
  decodePart(signature, 'signature')
  return {
    compact,
    payload: payloadBytes,
    header: parseObject(headerBytes, 'header', limits),
    claims: parseObject(payloadBytes, 'payload', limits),
  }
}

/**
 * Lenient decoders take padding, other alphabets and stray bits in the last letter, so that one signature would pass in many
 * spellings and whoever remembers statements by their text could be shown the same one again (RFC 7515 section 2, RFC 4648 section 3.5).
 */
function decodePart(text: string, part: string): Buffer {
  const bytes = Buffer.from(text, 'base64url')
  if (bytes.toString('base64url') === text) return bytes
  throw malformed(
    `the ${part} of the software statement must be base64url`,
    'canonical base64url without padding',
    'another encoding',
  )
}

function parseObject(bytes: Buffer, part: string, limits: JsonLimits): JsonObject {
  try {
    const value = parseStrictJson(bytes, limits)
    if (isJsonObject(value)) return value
    throw malformed(
      `the ${part} of the software statement must be a JSON object`,
      'a JSON object',
      'another JSON value',
    )
  } catch (fault) {
    if (!(fault instanceof JsonFault)) throw fault
    throw malformed(
      `the ${part} of the software statement must be a well-formed JSON object`,
      'a JSON object',
      fault.reason,
      fault,
    )
  }
}

function malformed(message: string, wanted: string, found: string, fault?: JsonFault): Refusal {
  const detail = fault === undefined ? {} : { detail: `${fault.reason} at ${fault.at}`.slice(0, 300) }
  return refuse({ reason: 'statement-malformed', at: 'software_statement', message, wanted, found, ...detail }, fault)
}
