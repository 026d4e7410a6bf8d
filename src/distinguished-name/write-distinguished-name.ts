import { attributeTypeByOid } from './attribute-types.ts'
import type { AttributeValue, DistinguishedName } from './distinguished-name.ts'

/**
 * RFC 4514 text that any reader takes: short names of section 3 alone, every other attribute as dotted OID and `#` with the
 * hexadecimal DER. Control and formatting characters come as hexadecimal pairs, so that a name cannot forge a line of a log.
 */
export function writeDistinguishedName(name: DistinguishedName): string {
  return name
    .toReversed()
    .map((relative) => relative.map(writeAttribute).join('+'))
    .join(',')
}

function writeAttribute(attribute: AttributeValue): string {
  const type = attributeTypeByOid(attribute.oid)
  if (type?.inRfc4514 !== true) return `${attribute.oid}=#${attribute.der}`
  return `${type.name}=${attribute.value === null ? `#${attribute.der}` : escapeValue(attribute.value)}`
}

/** RFC 4514 section 2.4. */
function escapeValue(value: string): string {
  return value
    .replace(/["+,;<>\\]|^[ #]| $/g, '\\$&')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => hexadecimalPairs(character))
}

function hexadecimalPairs(character: string): string {
  return Buffer.from(character, 'utf8').toString('hex').toUpperCase().replace(/../g, '\\$&')
}
