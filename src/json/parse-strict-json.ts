import { isUtf8 } from 'node:buffer'
import type { Json } from '../model/json.ts'
import { JsonFault } from './json-fault.ts'
import { scanJson, type JsonLimits } from './scan-json.ts'

// Whoever parses must tell this fault from others.
export { JsonFault } from './json-fault.ts'
export type { JsonLimits } from './scan-json.ts'

/**
 * Parses JSON of which every reader makes the same value (RFC 8259 within RFC 7493): UTF-8 without byte order mark, no member name
 * twice, numbers that a double holds, strings of whole characters. Parsers differ on all of these, so that what the policy judged could
 * be read differently behind it. The scan runs first: nothing is built of a document beyond the limits. `__proto__` is refused;
 * `constructor` and `prototype` come out as members like any other.
 *
 * @throws JsonFault
 */
export function parseStrictJson(bytes: Buffer, limits: JsonLimits): Json {
  const text = decodeUtf8(bytes)
  scanJson(text, limits)
  return JSON.parse(text) as Json
}

function decodeUtf8(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw new JsonFault('json-invalid-utf8', '', firstInvalidByte(bytes))
  const text = bytes.toString('utf8')
  if (text.startsWith('\uFEFF')) throw new JsonFault('json-invalid-utf8', '', 0)
  return text
}

/** Decoding replaces what is invalid, so that encoding again differs from there on. */
function firstInvalidByte(bytes: Buffer): number {
  const replaced = Buffer.from(bytes.toString('utf8'))
  return replaced.findIndex((byte, index) => byte !== bytes[index])
}
