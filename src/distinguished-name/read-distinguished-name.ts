import { DerFields } from '../asn1/der-fields.ts'
import type { DerNode } from '../asn1/der-node.ts'
import { DerSyntaxError } from '../asn1/der-syntax-error.ts'
import { expectParts, expectUniversal } from '../asn1/expect-node.ts'
import { readObjectIdentifier } from '../asn1/read-object-identifier.ts'
import { readString } from '../asn1/read-string.ts'
import { TAG } from '../asn1/tags.ts'
import type { AttributeValue, DistinguishedName } from './distinguished-name.ts'

/** Names in use have up to about fifteen attributes. */
const ATTRIBUTE_LIMIT = 64

/** An X.501 Name as certificates hold it (RFC 5280 section 4.1.2.4). @throws DerSyntaxError */
export function readDistinguishedName(node: DerNode | undefined, what: string): DistinguishedName {
  const sets = expectUniversal(node, TAG.sequence, what).children
  const name = sets.map((set) => readRelativeDistinguishedName(set, what))
  if (name.flat().length > ATTRIBUTE_LIMIT)
    throw new DerSyntaxError(`${what} has more than ${ATTRIBUTE_LIMIT} attributes`)
  return name
}

/** One RDN: the attributes of a SET. @throws DerSyntaxError */
export function readRelativeDistinguishedName(node: DerNode, what: string): readonly AttributeValue[] {
  return expectParts(node, TAG.set, what).map((part) => readAttribute(part, what))
}

function readAttribute(node: DerNode, what: string): AttributeValue {
  const fields = new DerFields(node, what)
  const oid = readObjectIdentifier(fields.takeAny(), what)
  const value = fields.takeAny()
  fields.end()
  if (value === undefined) throw new DerSyntaxError(`${what} has an attribute without a value`)
  return { oid, ...readAttributeValue(value) }
}

/** What a value says, whichever way it is encoded. */
export function readAttributeValue(value: DerNode): Omit<AttributeValue, 'oid'> {
  return { tag: value.tag, value: readString(value), der: value.raw.toString('hex') }
}
