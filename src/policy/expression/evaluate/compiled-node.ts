import type { ASTNode } from '@marcbachmann/cel-js'
import type { NodeType } from './node-type.ts'
import { opened, toOptional } from './read-member.ts'

/** Values of the declared names. */
export type Activation = Readonly<Record<string, unknown>>

/** Gives the value of a node, or throws. */
export type Evaluate = (activation: Activation) => unknown

/** Where a loop keeps its current element, or `cel.bind` its value. One for each place in an expression: an expression never runs within itself. */
export interface Local {
  value: unknown
}

/** Names of loops and bindings around a node. */
export type Scope = ReadonlyMap<string, { readonly local: Local; readonly type: NodeType }>

/** A node as functions that were put together when the policy was loaded; which of them whoever takes the value can use best, they choose. */
export interface CompiledNode {
  readonly type: NodeType
  readonly evaluate: Evaluate
  /** What an optional holds, undefined for nothing; so chains of `.?` make no optionals on the way. */
  readonly open: Evaluate | null
  /** An int that is no larger than a size or a literal, as a number: cheaper than the BigInt that stands for it outside. */
  readonly small: ((activation: Activation) => number) | null
  /** Depends on no name; once folded, it cannot fail either. */
  readonly isConstant: boolean
}

/** Compiles the parts of a node. */
export interface NodeCompiler {
  readonly compile: (node: ASTNode, scope: Scope) => CompiledNode
  /** Notes that a declared name is used. */
  readonly useName: (name: string) => void
}

export function value(type: NodeType, evaluate: Evaluate, parts: readonly CompiledNode[]): CompiledNode {
  return { type, evaluate, open: null, small: null, isConstant: parts.every(({ isConstant }) => isConstant) }
}

/** A node whose value is an optional; `open` gives what is in it. */
export function optional(type: NodeType, open: Evaluate, parts: readonly CompiledNode[]): CompiledNode {
  return { ...value(type, (activation) => toOptional(open(activation)), parts), open }
}

export function smallInt(
  type: NodeType,
  small: (activation: Activation) => number,
  parts: readonly CompiledNode[],
): CompiledNode {
  return { ...value(type, (activation) => BigInt(small(activation)), parts), small }
}

export function constant(type: NodeType, result: unknown): CompiledNode {
  const small = typeof result === 'bigint' && Number.isSafeInteger(Number(result)) ? Number(result) : null
  const inside = opened(result)
  return {
    type,
    evaluate: () => result,
    open: type.kind === 'optional' ? (): unknown => inside : null,
    small: small === null ? null : (): number => small,
    isConstant: true,
  }
}

/** What is in a node's value if that is an optional, else the value. */
export function opener(node: CompiledNode): Evaluate {
  const { open, evaluate, type } = node
  if (open !== null) return open
  return type.kind === 'optional' || type.kind === 'dyn'
    ? (activation): unknown => opened(evaluate(activation))
    : evaluate
}
