import { DerSyntaxError } from '../../asn1/der-syntax-error.ts'
import { expectParts } from '../../asn1/expect-node.ts'
import { readDer } from '../../asn1/read-der.ts'
import { TAG } from '../../asn1/tags.ts'
import { readDistributionPoint, type DistributionPoint } from './read-distribution-point.ts'

/** Each is held against every list; certificates in use have a handful. */
const POINT_LIMIT = 64

/** RFC 5280 section 4.2.1.13. @throws DerSyntaxError */
export function readCrlDistributionPoints(value: Buffer): readonly DistributionPoint[] {
  const nodes = expectParts(readDer(value), TAG.sequence, 'cRLDistributionPoints')
  if (nodes.length > POINT_LIMIT) throw new DerSyntaxError(`cRLDistributionPoints has more than ${POINT_LIMIT} points`)
  return nodes.map(readDistributionPoint)
}
