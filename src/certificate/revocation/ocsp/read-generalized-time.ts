import type { DerNode } from '../../../asn1/der-node.ts'
import { expectUniversal } from '../../../asn1/expect-node.ts'
import { readTime } from '../../../asn1/read-time.ts'
import { TAG } from '../../../asn1/tags.ts'

/** OCSP has no short form of time (RFC 6960 section 4.2.2.1). @throws DerSyntaxError */
export function readGeneralizedTime(node: DerNode | undefined, what: string): Date {
  return readTime(expectUniversal(node, TAG.generalizedTime, what), what)
}
