import { attributeTypeByName, attributeTypeByOid } from './attribute-types.ts'
import { attributeTypeOid } from './attribute-type-oid.ts'
import { parseDistinguishedName } from './parse-distinguished-name.ts'
import { DistinguishedNameSyntaxError } from './distinguished-name-syntax-error.ts'
import { scanDistinguishedName, type ScannedAttribute } from './scan-distinguished-name.ts'

/**
 * Whether a text is a name in the one form that RFC 4514 lets every reader understand: short names of section 3 with string values,
 * every other attribute as dotted OID and `#hex`. False for text that is no name at all.
 */
export function usesOnlyRfc4514Names(text: string): boolean {
  try {
    parseDistinguishedName(text)
    return scanDistinguishedName(text).flat().every(isInStrictForm)
  } catch (failure) {
    if (failure instanceof DistinguishedNameSyntaxError) return false
    throw failure
  }
}

function isInStrictForm({ type, value }: ScannedAttribute): boolean {
  const named = attributeTypeByName(type)
  if (named !== undefined) return named.inRfc4514 && named.name === type.toUpperCase() && value.form === 'text'
  return attributeTypeOid(type) === type && attributeTypeByOid(type)?.inRfc4514 !== true && value.form === 'hex'
}
