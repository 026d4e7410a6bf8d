import type { ASTNode } from '@marcbachmann/cel-js'

/** A type as the expression library notes it at the nodes it has checked. */
export interface NodeType {
  readonly kind: 'primitive' | 'message' | 'list' | 'map' | 'optional' | 'dyn' | 'param'
  /** Such as `list<string>`. */
  readonly name: string
  readonly keyType?: NodeType
  readonly valueType?: NodeType
  /** Something of it is known only when the expression runs. */
  readonly hasDynType: boolean
}

export const DYN: NodeType = { kind: 'dyn', name: 'dyn', hasDynType: true }
export const TIMESTAMP = 'google.protobuf.Timestamp'
export const DURATION = 'google.protobuf.Duration'

/** What is noted in nodes beyond the library's own declarations: the checked type, and what stands for a constant. */
interface Noted {
  readonly checkedType?: NodeType
  readonly meta?: { readonly alternate?: ASTNode; readonly macro?: object }
}

/** Within `has()` nothing is noted but at the outermost name, and nothing at the name of a loop's variable. */
export function typeOf(node: ASTNode): NodeType {
  return (node as Noted).checkedType ?? DYN
}

/** The node that the library evaluates in the place of this one: the value of a constant, or a macro written out. */
export function alternateOf(node: ASTNode): ASTNode | null {
  return (node as Noted).meta?.alternate ?? null
}

/** Whether the parser took a call for a macro, whose arguments are no values. */
export function isMacro(node: ASTNode): boolean {
  const { meta } = node as Noted
  return meta?.macro !== undefined || meta?.alternate !== undefined
}

/** What an optional holds, or the type itself. */
export function openedType(type: NodeType): NodeType {
  return type.kind === 'optional' ? (type.valueType ?? DYN) : type
}
