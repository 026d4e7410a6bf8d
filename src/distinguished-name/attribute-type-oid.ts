import { attributeTypeByName } from './attribute-types.ts'

const DOTTED = /^(?:[01]\.(?:0|[1-9]|[1-3]\d)|2\.(?:0|[1-9]\d*))(?:\.(?:0|[1-9]\d*))*$/

/**
 * Dotted type for a name of the table in any letter case, or for a dotted OID, which RFC 1779 and Windows write with `OID.` before
 * it; undefined for anything else.
 */
export function attributeTypeOid(type: string): string | undefined {
  const dotted = type.replace(/^OID\./i, '')
  return DOTTED.test(dotted) ? dotted : attributeTypeByName(type)?.oid
}
