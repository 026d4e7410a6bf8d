import type { DerNode } from './der-node.ts'
import { DerSyntaxError } from './der-syntax-error.ts'
import { expectUniversal } from './expect-node.ts'
import { TAG } from './tags.ts'

/** For the few numbers that protocols list: one byte, below 128. @throws DerSyntaxError */
export function readEnumerated(node: DerNode | undefined, what: string): number {
  const { contents } = expectUniversal(node, TAG.enumerated, what)
  const [value] = contents
  if (contents.length !== 1 || value === undefined || value >= 0x80)
    throw new DerSyntaxError(`${what} is no listed number`)
  return value
}
