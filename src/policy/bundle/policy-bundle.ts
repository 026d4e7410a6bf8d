import { JsonFault, parseStrictJson } from '../../json/parse-strict-json.ts'
import { isJsonObject, type JsonObject } from '../../model/json.ts'

/** Policies in one file: what is signed, sent and pinned as a whole. */
export interface PolicyBundle {
  /** Text by path, such as `open-finance-brasil/policy.yaml`. */
  readonly files: ReadonlyMap<string, string>
}

export const BUNDLE_FORMAT = 'dcr-gateway/bundle-v1'
export const BUNDLE_LIMIT_BYTES = 16_777_216
const FILE_COUNT_LIMIT = 2000
const FILE_LIMIT_BYTES = 1_048_576
/** One folder deep, no dots at the front: a bundle is never unpacked, but whoever does it by hand must not be led astray either. */
const FILE_PATH = /^[a-z0-9][a-z0-9-]{0,63}\/[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/

/** Why bytes are no bundle, for whoever made or received it. */
export class BundleSyntaxError extends Error {
  readonly wanted: string
  readonly found: string

  constructor(wanted: string, found: string) {
    super(`wanted ${wanted}, found ${found}`)
    this.name = 'BundleSyntaxError'
    this.wanted = wanted
    this.found = found
  }
}

/** Writes a bundle; the same files always give the same bytes, so that anybody can make it again and compare the hash. */
export function writeBundle({ files }: PolicyBundle): Buffer {
  const sorted = [...files].toSorted(([left], [right]) => (left < right ? -1 : 1))
  const bytes = Buffer.from(
    `${JSON.stringify({ format: BUNDLE_FORMAT, files: Object.fromEntries(sorted) }, null, 1)}\n`,
  )
  // What could not be read again must not be signed.
  parseBundle(bytes)
  return bytes
}

/** @throws BundleSyntaxError */
export function parseBundle(bytes: Buffer): PolicyBundle {
  if (bytes.length > BUNDLE_LIMIT_BYTES)
    throw new BundleSyntaxError(`at most ${BUNDLE_LIMIT_BYTES} bytes`, String(bytes.length))
  const { format, files, ...others } = parseObject(bytes)
  if (format !== BUNDLE_FORMAT)
    throw new BundleSyntaxError(`format ${BUNDLE_FORMAT}`, JSON.stringify(format ?? null).slice(0, 60))
  const [foreign] = Object.keys(others)
  if (foreign !== undefined) throw new BundleSyntaxError('format and files alone', foreign.slice(0, 60))
  if (!isJsonObject(files)) throw new BundleSyntaxError('files: texts by their path', 'none')
  return { files: new Map(Object.entries(files).map(([path, text]) => [path, checkFile(path, text)])) }
}

function parseObject(bytes: Buffer): JsonObject {
  try {
    const value = parseStrictJson(bytes, { depth: 3, values: FILE_COUNT_LIMIT + 4 })
    if (isJsonObject(value)) return value
    throw new BundleSyntaxError('a JSON object', 'another JSON value')
  } catch (failure) {
    if (failure instanceof JsonFault) throw new BundleSyntaxError('a JSON object', `${failure.reason} at ${failure.at}`)
    throw failure
  }
}

function checkFile(path: string, text: unknown): string {
  if (!FILE_PATH.test(path)) throw new BundleSyntaxError('paths such as name/policy.yaml', path.slice(0, 80))
  if (typeof text !== 'string') throw new BundleSyntaxError('texts', `something else at ${path}`)
  if (Buffer.byteLength(text) > FILE_LIMIT_BYTES)
    throw new BundleSyntaxError(`files of at most ${FILE_LIMIT_BYTES} bytes`, `more at ${path}`)
  return text
}
