import type { FetchedValues } from '../egress/fetched-values.ts'
import { parseServerMetadata } from '../json/parse-server-metadata.ts'
import type { JsonObject } from '../model/json.ts'

/** What is known of the identity server's metadata (RFC 8414). */
export interface ServerMetadata {
  /** Null while nothing is known. */
  readonly current: () => JsonObject | null
  /** Whether whoever needs them must wait for them. */
  readonly isDemanded: boolean
  readonly close: () => void
}

/** Metadata of a file never change while the gateway runs; null where the operator names none. */
export function fixedServerMetadata(metadata: JsonObject | null): ServerMetadata {
  return { current: () => metadata, isDemanded: false, close: () => undefined }
}

/** How often it is looked whether what is held is still fresh; how long it is, the values themselves know. */
const LOOK_INTERVAL_MS = 15_000

/**
 * Metadata from the identity server itself, fetched at once and kept fresh without anybody waiting. What was known goes on to count while
 * no newer can be had: rules that hold registrations against it must not fall silent because the server does.
 */
export function openServerMetadata(
  url: string,
  values: FetchedValues<JsonObject>,
  isDemanded: boolean,
): ServerMetadata {
  let current: JsonObject | null = null
  const look = (): void => {
    // Failures are told by the values.
    values.get(url).then(
      (metadata) => (current = metadata),
      () => undefined,
    )
  }
  look()
  const timer = setInterval(look, LOOK_INTERVAL_MS)
  timer.unref()
  return { current: () => current, isDemanded, close: () => clearInterval(timer) }
}

/** @throws TypeError for anything else than metadata; its message quotes no value */
export function readServerMetadata(document: Buffer): JsonObject {
  const { metadata, problem } = parseServerMetadata(document)
  if (metadata === null) throw new TypeError(`wanted ${problem.wanted}, found ${problem.found}`)
  return metadata
}
