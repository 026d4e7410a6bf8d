import { JsonFault, parseStrictJson } from '../../json/parse-strict-json.ts'
import { isJsonObject, type Json } from '../../model/json.ts'
import { readTime } from './read-time.ts'

/** Lies in an imported folder: by it the folder may be replaced, and by nothing older than what it tells of. */
export interface ImportRecord {
  readonly territory: string
  readonly sequenceNumber: number
  readonly issued: Date
  /** Names in `roots/`; whatever else lies there was put there by somebody. */
  readonly files: readonly string[]
}

export const RECORD_FILE = 'imported.json'

const FORMAT = 'dcr-gateway/trusted-list-import/v1'
const LIMITS = { depth: 4, values: 10_000 }

/** `told` is for people and is not read again. */
export function writeImportRecord(record: ImportRecord, told: Readonly<Record<string, Json>>): string {
  return `${JSON.stringify({ format: FORMAT, ...told, ...record }, null, 2)}\n`
}

/** Null for anything that no import wrote. */
export function parseImportRecord(bytes: Buffer): ImportRecord | null {
  const record = tryParse(bytes)
  if (!isJsonObject(record) || record['format'] !== FORMAT) return null
  const { territory, sequenceNumber, files } = record
  const issued = typeof record['issued'] === 'string' ? readTime(record['issued']) : null
  const isWhole = typeof territory === 'string' && typeof sequenceNumber === 'number' && issued !== null
  return isWhole && isNames(files) ? { territory, sequenceNumber, issued, files } : null
}

function tryParse(bytes: Buffer): Json | undefined {
  try {
    return parseStrictJson(bytes, LIMITS)
  } catch (failure) {
    if (failure instanceof JsonFault) return undefined
    throw failure
  }
}

function isNames(value: Json | undefined): value is readonly string[] {
  return Array.isArray(value) && value.every((name) => typeof name === 'string')
}
