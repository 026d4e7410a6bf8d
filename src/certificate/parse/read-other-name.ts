import type { DerNode } from '../../asn1/der-node.ts'
import { DerSyntaxError } from '../../asn1/der-syntax-error.ts'
import { isContext } from '../../asn1/expect-node.ts'
import { readObjectIdentifier } from '../../asn1/read-object-identifier.ts'
import { readPlainText } from '../../asn1/read-plain-text.ts'
import { readString } from '../../asn1/read-string.ts'
import type { OtherName } from '../../model/client.ts'

const TEXT_LIMIT_CHARACTERS = 4096

/** OtherName of RFC 5280 section 4.2.1.6: its SEQUENCE is implicit, the value in it explicit. @throws DerSyntaxError */
export function readOtherName({ children }: DerNode): OtherName {
  const [type, wrapper, ...fields] = children
  const [value, ...values] = wrapper !== undefined && isContext(wrapper, 0) ? wrapper.children : []
  if (value === undefined || fields.length > 0 || values.length > 0)
    throw new DerSyntaxError('otherName has not one type and one value')
  const oid = readObjectIdentifier(type, 'type of otherName')
  // Such as a Kerberos principal, which is a SEQUENCE.
  const text = readString(value) === null ? null : readPlainText(value, 'otherName', TEXT_LIMIT_CHARACTERS)
  return { type: oid, value: text, der: value.raw.toString('hex') }
}
