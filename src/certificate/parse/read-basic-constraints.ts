import { DerFields } from '../../asn1/der-fields.ts'
import { readDer } from '../../asn1/read-der.ts'
import { readBoolean } from '../../asn1/read-boolean.ts'
import { readSmallInteger } from '../../asn1/read-integer.ts'
import { TAG } from '../../asn1/tags.ts'

export interface BasicConstraints {
  readonly ca: boolean
  /** How many intermediates may follow below; null for any number. */
  readonly pathLength: number | null
}

/** RFC 5280 section 4.2.1.9. @throws DerSyntaxError */
export function readBasicConstraints(value: Buffer): BasicConstraints {
  const fields = new DerFields(readDer(value), 'basicConstraints')
  const ca = fields.takeOptional(TAG.boolean)
  const pathLength = fields.takeOptional(TAG.integer)
  fields.end()
  return {
    ca: ca !== undefined && readBoolean(ca, 'cA'),
    pathLength: pathLength === undefined ? null : readSmallInteger(pathLength, 'pathLenConstraint'),
  }
}
