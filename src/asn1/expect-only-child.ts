import type { DerNode } from './der-node.ts'
import { DerSyntaxError } from './der-syntax-error.ts'

/** What an explicit tag wraps (X.690 section 8.14.3). @throws DerSyntaxError when that is nothing, or more than one value */
export function expectOnlyChild(wrapper: DerNode, what: string): DerNode {
  const [child, ...others] = wrapper.children
  if (child === undefined || others.length > 0) throw new DerSyntaxError(`${what} is not one value`)
  return child
}
