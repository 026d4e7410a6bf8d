import { DerFields } from '../../../asn1/der-fields.ts'
import type { DerNode } from '../../../asn1/der-node.ts'
import { readBoolean } from '../../../asn1/read-boolean.ts'
import { readDer } from '../../../asn1/read-der.ts'
import { readImplicit } from '../../../asn1/read-implicit.ts'
import { TAG } from '../../../asn1/tags.ts'
import {
  readDistributionPointName,
  readReasonFlags,
  type DistributionPointName,
} from '../../parse/read-distribution-point.ts'

/** Which certificates a CRL covers. */
export interface IssuingDistributionPoint {
  /** Null for all of its issuer's. */
  readonly name: DistributionPointName | null
  readonly onlyUserCerts: boolean
  readonly onlyCaCerts: boolean
  readonly onlyAttributeCerts: boolean
  /** Bit mask of ReasonFlags; null for all reasons. */
  readonly onlySomeReasons: number | null
  /** Whether it may list certificates of other issuers. */
  readonly indirect: boolean
  /** Complete and delta lists belong together when this is the same. */
  readonly der: Buffer
}

/** RFC 5280 section 5.2.5. @throws DerSyntaxError */
export function readIssuingDistributionPoint(value: Buffer): IssuingDistributionPoint {
  const fields = new DerFields(readDer(value), 'issuingDistributionPoint')
  const name = fields.takeOptionalContext(0)
  const onlyUserCerts = readFlag(fields.takeOptionalContext(1))
  const onlyCaCerts = readFlag(fields.takeOptionalContext(2))
  const reasons = fields.takeOptionalContext(3)
  const indirect = readFlag(fields.takeOptionalContext(4))
  const onlyAttributeCerts = readFlag(fields.takeOptionalContext(5))
  fields.end()
  return {
    name: name === undefined ? null : readDistributionPointName(name),
    onlyUserCerts,
    onlyCaCerts,
    onlyAttributeCerts,
    onlySomeReasons: reasons === undefined ? null : readReasonFlags(reasons),
    indirect,
    der: value,
  }
}

function readFlag(node: DerNode | undefined): boolean {
  return node !== undefined && readBoolean(readImplicit(node, TAG.boolean), 'issuingDistributionPoint')
}
