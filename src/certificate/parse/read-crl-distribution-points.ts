import { expectParts } from '../../asn1/expect-node.ts'
import { readDer } from '../../asn1/read-der.ts'
import { TAG } from '../../asn1/tags.ts'
import { readDistributionPoint, type DistributionPoint } from './read-distribution-point.ts'

/** RFC 5280 section 4.2.1.13. @throws DerSyntaxError */
export function readCrlDistributionPoints(value: Buffer): readonly DistributionPoint[] {
  return expectParts(readDer(value), TAG.sequence, 'cRLDistributionPoints').map(readDistributionPoint)
}
