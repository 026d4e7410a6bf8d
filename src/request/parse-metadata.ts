import { JsonFault, parseStrictJson, type JsonLimits } from '../json/parse-strict-json.ts'
import type { JsonReason } from '../json/json-fault.ts'
import { isJsonObject, type JsonObject } from '../model/json.ts'
import { refuse, type Refusal } from '../model/refusal.ts'

const MESSAGES: Readonly<Record<JsonReason, string>> = {
  'json-invalid-utf8': 'the body is not UTF-8, or starts with a byte order mark',
  'json-malformed': 'the body is not well-formed JSON',
  'json-duplicate-member': 'the member stands there twice',
  'json-forbidden-member': 'the member name is not allowed',
  'json-too-deep': 'the value is nested too deeply',
  'json-too-many-values': 'the body has too many values',
  'json-number-unsafe': 'the number is not one that every reader reads alike',
  'json-string-unsafe': 'the text has U+0000 or half a surrogate pair',
}

/**
 * Parses the body of a registration or an update: a JSON object (RFC 7591 section 3.1).
 *
 * @throws Refusal `body-missing`, `json-...`; each names the member and the place, never what stands there
 */
export function parseMetadata(body: Buffer, limits: JsonLimits): JsonObject {
  if (body.length === 0) throw refuse({ reason: 'body-missing', at: 'body', message: 'there is no body' })
  const value = parseBody(body, limits)
  if (isJsonObject(value)) return value
  throw refuse({ reason: 'json-not-an-object', at: 'body', message: 'the body is JSON, but not an object' })
}

function parseBody(body: Buffer, limits: JsonLimits): ReturnType<typeof parseStrictJson> {
  try {
    return parseStrictJson(body, limits)
  } catch (fault) {
    throw fault instanceof JsonFault ? refusalOf(fault, limits) : fault
  }
}

function refusalOf(fault: JsonFault, limits: JsonLimits): Refusal {
  const { reason, at, offset } = fault
  const wanted = wantedOf(reason, limits)
  const finding = { reason, at: at === '' ? 'body' : at, message: MESSAGES[reason], found: `at offset ${offset}` }
  return refuse(wanted === null ? finding : { ...finding, wanted })
}

function wantedOf(reason: JsonReason, { depth, values }: JsonLimits): string | null {
  if (reason === 'json-too-deep') return `at most ${depth} levels`
  return reason === 'json-too-many-values' ? `at most ${values} values` : null
}
