import type { DerNode } from './der-node.ts'
import { DerSyntaxError } from './der-syntax-error.ts'

export function isUniversal(node: DerNode, tag: number): boolean {
  return node.tagClass === 'universal' && node.tag === tag
}

export function isContext(node: DerNode, tag: number): boolean {
  return node.tagClass === 'context' && node.tag === tag
}

/** Hands the node through. @throws DerSyntaxError when it has another universal tag, or none */
export function expectUniversal(node: DerNode | undefined, tag: number, what: string): DerNode {
  if (node === undefined) throw new DerSyntaxError(`${what} is missing`)
  if (!isUniversal(node, tag)) throw new DerSyntaxError(`${what} has the wrong type`)
  return node
}

/** Parts of a SEQUENCE OF or SET OF that has at least one. @throws DerSyntaxError */
export function expectParts(node: DerNode | undefined, tag: number, what: string): readonly DerNode[] {
  const { children } = expectUniversal(node, tag, what)
  if (children.length === 0) throw new DerSyntaxError(`${what} is empty`)
  return children
}
