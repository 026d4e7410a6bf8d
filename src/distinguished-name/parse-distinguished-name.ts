import { DerSyntaxError } from '../asn1/der-syntax-error.ts'
import { readDer } from '../asn1/read-der.ts'
import { attributeTypeOid } from './attribute-type-oid.ts'
import { DistinguishedNameSyntaxError } from './distinguished-name-syntax-error.ts'
import type { AttributeValue, DistinguishedName } from './distinguished-name.ts'
import { encodeText } from './encode-text.ts'
import { readAttributeValue } from './read-distinguished-name.ts'
import { scanDistinguishedName, type ScannedAttribute } from './scan-distinguished-name.ts'

/**
 * RFC 4514 text in any of the renderings that registrants send: names or OIDs, plain, quoted or `#hex` values, spaces after commas.
 * The result is in certificate order, the reverse of the text. Up to 4096 characters and 64 attributes.
 * @throws DistinguishedNameSyntaxError
 */
export function parseDistinguishedName(text: string): DistinguishedName {
  return scanDistinguishedName(text)
    .toReversed()
    .map((relative) => relative.map(parseAttribute))
}

function parseAttribute({ type, value, offset }: ScannedAttribute): AttributeValue {
  const oid = attributeTypeOid(type)
  if (oid === undefined) throw new DistinguishedNameSyntaxError('unknown attribute type', offset)
  return { oid, ...(value.form === 'hex' ? readHexValue(value.der, offset) : encodeText(value.text)) }
}

/** A well-formed value of another type, such as a number, is kept as bytes. */
function readHexValue(der: Buffer, offset: number): Omit<AttributeValue, 'oid'> {
  try {
    return readAttributeValue(readDer(der))
  } catch (failure) {
    if (failure instanceof DerSyntaxError)
      throw new DistinguishedNameSyntaxError('hexadecimal value that is no DER', offset)
    throw failure
  }
}
