import type { DerNode } from './der-node.ts'
import { DerSyntaxError } from './der-syntax-error.ts'
import { expectUniversal } from './expect-node.ts'
import { TAG } from './tags.ts'

/** True is FF and nothing else (X.690 section 11.1). @throws DerSyntaxError */
export function readBoolean(node: DerNode | undefined, what: string): boolean {
  const { contents } = expectUniversal(node, TAG.boolean, what)
  if (contents.length !== 1 || (contents[0] !== 0x00 && contents[0] !== 0xff))
    throw new DerSyntaxError(`${what} is no boolean`)
  return contents[0] === 0xff
}
