import type { DerNode } from './der-node.ts'
import { readDer } from './read-der.ts'

/** A value under an IMPLICIT tag (X.680 section 31.2.7) as the universal type that its specification names. @throws DerSyntaxError */
export function readImplicit(node: DerNode, tag: number): DerNode {
  const identifier = tag | (node.constructed ? 0x20 : 0)
  return readDer(Buffer.concat([Buffer.of(identifier), node.raw.subarray(1)]))
}
