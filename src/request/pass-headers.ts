import { isReservedHeader } from '../model/reserved-headers.ts'
import { malformedHeader, type RequestHeaders } from './request-headers.ts'

const VALUE_LIMIT = 1024
/** No obs-text and no control characters: servers read these in different ways (RFC 9110 section 5.5). */
const PLAIN = /^[\t\x20-\x7e]*$/

/**
 * Builds the copying of the headers that an operator lets through to the identity server; all others end here.
 *
 * @throws TypeError at once for a header that only the gateway may set; then Refusal `request-malformed` for repeated or odd values
 */
export function createPassing(names: readonly string[]): (headers: RequestHeaders) => Readonly<Record<string, string>> {
  const passed = names.map((name) => name.toLowerCase())
  const reserved = passed.find(isReservedHeader)
  if (reserved !== undefined) throw new TypeError(`header ${reserved} cannot be passed on: only the gateway sets it`)
  return (headers) => Object.fromEntries(passed.flatMap((name) => copyHeader(name, headers)))
}

function copyHeader(name: string, headers: RequestHeaders): [string, string][] {
  const value = headers.single(name)
  if (value === null) return []
  if (value.length > VALUE_LIMIT || !PLAIN.test(value))
    throw malformedHeader(name, 'the value is too long or has unusual characters')
  return [[name, value]]
}
