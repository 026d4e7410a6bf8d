import { value, type CompiledNode, type Evaluate } from './compiled-node.ts'
import { failingWith } from './evaluation-failure.ts'
import type { NodeType } from './node-type.ts'

const failNoBool = failingWith('Logical operator requires bool operands')
const failNoCondition = failingWith('Ternary condition must be bool')

/**
 * `&&` and `||` as CEL has them: a side that decides the outcome hides that the other one fails, whichever of them comes first. `decisive`
 * is false for `&&` and true for `||`.
 */
export function compileLogic(
  type: NodeType,
  decisive: boolean,
  [first, second]: readonly [CompiledNode, CompiledNode],
): CompiledNode {
  const left = first.evaluate
  const right = second.evaluate
  const evaluate: Evaluate = (activation) => {
    let holds: unknown
    try {
      holds = left(activation)
    } catch (failure) {
      if (right(activation) === decisive) return decisive
      throw failure
    }
    if (holds === decisive) return decisive
    const other = right(activation)
    if (other === decisive) return decisive
    return holds === other && typeof other === 'boolean' ? other : failNoBool()
  }
  return value(type, evaluate, [first, second])
}

export function compileNot(type: NodeType, part: CompiledNode): CompiledNode {
  const { evaluate } = part
  return value(
    type,
    (activation) => {
      const holds = evaluate(activation)
      return typeof holds === 'boolean' ? !holds : failNoBool()
    },
    [part],
  )
}

/** `condition ? one : other`; of an optional it gives what is in it. */
export function compileTernary(
  type: NodeType,
  parts: readonly [CompiledNode, CompiledNode, CompiledNode],
): CompiledNode {
  const [condition, one, other] = parts
  const compiled = value(type, choice(condition.evaluate, one.evaluate, other.evaluate), parts)
  if (one.open === null || other.open === null) return compiled
  return { ...compiled, open: choice(condition.evaluate, one.open, other.open) }
}

function choice(condition: Evaluate, one: Evaluate, other: Evaluate): Evaluate {
  return (activation) => {
    const holds = condition(activation)
    if (holds === true) return one(activation)
    return holds === false ? other(activation) : failNoCondition()
  }
}
