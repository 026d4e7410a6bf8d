import type { Extension } from '../../parse/read-extensions.ts'

/** RFC 6960 section 4.4 demands no critical extension, but what is marked so must not be passed over unless it is known. */
export function findUnknownCritical(
  extensions: ReadonlyMap<string, Extension>,
  known: ReadonlySet<string>,
): string | null {
  for (const [oid, { critical }] of extensions) if (critical && !known.has(oid)) return oid
  return null
}
