import { JsonFault, parseStrictJson } from '../../json/parse-strict-json.ts'
import type { Json } from '../../model/json.ts'
import { findLookupProblem, type LookupType } from './lookup-type.ts'
import { parsePublishedKeys } from './parse-published-keys.ts'

const JSON_LIMITS = { depth: 8, values: 5_000 }

/** The value that a fetched document holds. @throws Error for a document of another kind; the message quotes nothing of it */
export function parseLookupDocument(document: Buffer, type: LookupType): Json {
  const json = parseJson(document)
  if (type === 'jwks') return parsePublishedKeys(json)
  const problem = findLookupProblem('the document', json, type)
  if (problem === null) return json
  throw new TypeError(`wanted ${problem.wanted}, found ${withoutNames(problem.found)}`)
}

function parseJson(document: Buffer): Json {
  try {
    return parseStrictJson(document, JSON_LIMITS)
  } catch (fault) {
    if (fault instanceof JsonFault)
      throw new TypeError(`no JSON that can be relied on: ${fault.reason}`, { cause: fault })
    throw fault
  }
}

/** Below a map a path holds names that whoever published the document chose. */
function withoutNames(found: string): string {
  return found.replace(/^(.{0,40}? at the document(?:\[\d+\])*)\..*$/s, '$1')
}
