import { JsonFault, parseStrictJson, type JsonLimits } from '../json/parse-strict-json.ts'
import { isJsonObject, type JsonObject } from '../model/json.ts'
import { refuse, type Refusal } from '../model/refusal.ts'
import type { UnverifiedJws } from '../model/unverified-jws.ts'
import type { SignedThing } from './signed-thing.ts'

/**
 * Takes a compact JWS apart (RFC 7515 section 7.1) whose header and payload are strict JSON objects: no other serialisation, no detached
 * payload, no JWS within a JWS.
 *
 * @throws Refusal with the thing's reason for what is malformed
 */
export function parseJws(compact: string, thing: SignedThing, limits: JsonLimits): UnverifiedJws {
  const [header, payload, signature, ...others] = compact.split('.', 4)
  if (header === undefined || payload === undefined || signature === undefined || others.length > 0)
    throw malformed(thing, `${thing.name} must have three parts`, {
      wanted: 'three parts with a dot in between',
      found: 'another number of parts',
    })
  const headerBytes = decodePart(header, 'header', thing)
  const payloadBytes = decodePart(payload, 'payload', thing)
  decodePart(signature, 'signature', thing)
  return {
    compact,
    payload: payloadBytes,
    header: parseObject(headerBytes, 'header', thing, limits),
    claims: parseObject(payloadBytes, 'payload', thing, limits),
  }
}

/**
 * Lenient decoders take padding, other alphabets and stray bits in the last letter, so that one signature would pass in many
 * spellings and whoever remembers statements by their text could be shown the same one again (RFC 7515 section 2, RFC 4648 section 3.5).
 */
function decodePart(text: string, part: string, thing: SignedThing): Buffer {
  const bytes = Buffer.from(text, 'base64url')
  if (bytes.toString('base64url') === text) return bytes
  throw malformed(thing, `the ${part} of ${thing.name} must be base64url`, {
    wanted: 'canonical base64url without padding',
    found: 'another encoding',
  })
}

function parseObject(bytes: Buffer, part: string, thing: SignedThing, limits: JsonLimits): JsonObject {
  const wanted = 'a JSON object'
  try {
    const value = parseStrictJson(bytes, limits)
    if (isJsonObject(value)) return value
  } catch (fault) {
    if (!(fault instanceof JsonFault)) throw fault
    const message = `the ${part} of ${thing.name} must be a well-formed JSON object`
    throw malformed(thing, message, { wanted, found: fault.reason }, fault)
  }
  throw malformed(thing, `the ${part} of ${thing.name} must be a JSON object`, { wanted, found: 'another JSON value' })
}

function malformed(
  { at, reasons }: SignedThing,
  message: string,
  shown: { readonly wanted: string; readonly found: string },
  fault?: JsonFault,
): Refusal {
  const detail = fault === undefined ? {} : { detail: `${fault.reason} at ${fault.at}`.slice(0, 300) }
  return refuse({ reason: reasons.malformed, at, message, ...shown, ...detail }, fault)
}
