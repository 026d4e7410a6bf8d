import { isJsonObject, type Json, type JsonObject } from '../model/json.ts'
import { findServerProblem, isServerMember } from '../model/server-metadata.ts'
import { JsonFault, parseStrictJson } from './parse-strict-json.ts'

const LIMITS = { depth: 8, values: 10_000 }

export type ParsedServerMetadata =
  | { readonly metadata: JsonObject; readonly problem: null }
  | { readonly metadata: null; readonly problem: { readonly wanted: string; readonly found: string } }

/**
 * The members that rules can name of an identity server's metadata (RFC 8414 section 2). A document in which one of them has another type
 * is none at all: a list that cannot be read must not count as one that was never published.
 */
export function parseServerMetadata(document: Buffer): ParsedServerMetadata {
  const json = parse(document)
  if (!isJsonObject(json))
    return { metadata: null, problem: { wanted: 'a JSON object of server metadata (RFC 8414)', found: json } }
  const members = Object.entries(json).filter(([name, value]) => isServerMember(name) && value !== null)
  for (const [name, value] of members) {
    const problem = findServerProblem(name, value)
    if (problem !== null)
      return { metadata: null, problem: { wanted: `${name} as ${problem.wanted}`, found: problem.found } }
  }
  return { metadata: Object.fromEntries(members), problem: null }
}

/** The text says why there is no object. */
function parse(document: Buffer): JsonObject | string {
  try {
    const json: Json = parseStrictJson(document, LIMITS)
    return isJsonObject(json) ? json : 'other JSON'
  } catch (fault) {
    if (fault instanceof JsonFault) return fault.message
    throw fault
  }
}
