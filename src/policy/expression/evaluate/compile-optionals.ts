import type { ASTNode } from '@marcbachmann/cel-js'
import { Optional } from '@marcbachmann/cel-js'
import { optional, value, type CompiledNode, type Evaluate, type NodeCompiler, type Scope } from './compiled-node.ts'
import { EvaluationFailure, failingWith } from './evaluation-failure.ts'
import { typeOf } from './node-type.ts'

/** `a.orValue(b)` and `a.or(b)`, whose arguments are evaluated only where they are needed. */
export function compileAlternative(
  node: ASTNode,
  name: string,
  [receiver, argument]: readonly [ASTNode, ASTNode],
  scope: Scope,
  compiler: NodeCompiler,
): CompiledNode {
  const first = compiler.compile(receiver, scope)
  const second = compiler.compile(argument, scope)
  const parts = [first, second]
  const open = strictOpener(first)
  if (name === 'or') return optional(typeOf(node), either(open, strictOpener(second)), parts)
  return value(typeOf(node), either(open, second.evaluate), parts)
}

function either(open: Evaluate, other: Evaluate): Evaluate {
  return (activation) => {
    const found = open(activation)
    return found === undefined ? other(activation) : found
  }
}

/** `optional.of(a)`, `optional.none()`, `a.hasValue()` and `a.value()`; null for any other call. */
export function compileOptionalCall(
  node: ASTNode,
  name: string,
  receiver: ASTNode,
  values: readonly ASTNode[],
  scope: Scope,
  compiler: NodeCompiler,
): CompiledNode | null {
  const [argument] = values
  if (receiver.op === 'id' && receiver.args === 'optional' && !scope.has('optional')) {
    if (name === 'none') return optional(typeOf(node), () => undefined, [])
    if (name !== 'of' || argument === undefined) return null
    const inner = compiler.compile(argument, scope)
    return optional(typeOf(node), inner.evaluate, [inner])
  }
  if (name !== 'hasValue' && name !== 'value') return null
  const inner = compiler.compile(receiver, scope)
  const open = strictOpener(inner)
  if (name === 'hasValue') return value(typeOf(node), (activation) => open(activation) !== undefined, [inner])
  const fail = failingWith('Optional value is not present')
  return value(typeOf(node), either(open, fail), [inner])
}

/** For receivers that must be optionals, which a `dyn` shows only now. */
function strictOpener({ open, evaluate }: CompiledNode): Evaluate {
  if (open !== null) return open
  return (activation) => {
    const result = evaluate(activation)
    if (result instanceof Optional) return result.orValue(undefined) as unknown
    throw new EvaluationFailure('a value that is no optional')
  }
}
