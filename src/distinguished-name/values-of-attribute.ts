import { attributeTypeOid } from './attribute-type-oid.ts'
import type { DistinguishedName } from './distinguished-name.ts'

/**
 * Values of one attribute in certificate order, those that are no text as `#` and their hexadecimal DER.
 * @throws RangeError when the attribute is neither a known name nor a dotted OID, which would otherwise look like a name without it
 */
export function valuesOfAttribute(name: DistinguishedName, attribute: string): string[] {
  const wanted = attributeTypeOid(attribute)
  if (wanted === undefined) throw new RangeError('unknown attribute type')
  return name
    .flat()
    .filter(({ oid }) => oid === wanted)
    .map(({ value, der }) => value ?? `#${der}`)
}
