import { calculate, negate, type Arithmetic } from './arithmetic.ts'
import { value, type CompiledNode, type Evaluate } from './compiled-node.ts'
import { areEqual, isElement, isMap, lookUp } from './equality.ts'
import { EvaluationFailure } from './evaluation-failure.ts'
import type { NodeType } from './node-type.ts'
import { order, type Ordering } from './ordering.ts'

type Pair = readonly [CompiledNode, CompiledNode]

/** Types whose equality is that of JavaScript. */
const IDENTICAL = new Set(['string', 'bool', 'int', 'double', 'null'])

/** `==` and `!=`, by the types where they are known. */
export function compileEquality(type: NodeType, wanted: boolean, parts: Pair): CompiledNode {
  const [one, other] = parts
  const left = one.evaluate
  const right = other.evaluate
  if (one.small !== null && other.small !== null) {
    const [small, smallOther] = [one.small, other.small]
    return value(type, (activation) => (small(activation) === smallOther(activation)) === wanted, parts)
  }
  if (one.type.name === other.type.name && IDENTICAL.has(one.type.name))
    return value(type, other.isConstant ? equals(left, right({}), wanted) : same(left, right, wanted), parts)
  return value(type, (activation) => areEqual(left(activation), right(activation)) === wanted, parts)
}

function same(left: Evaluate, right: Evaluate, wanted: boolean): Evaluate {
  return (activation) => (left(activation) === right(activation)) === wanted
}

/** The same where one side stands in the expression, as it mostly does. */
function equals(left: Evaluate, constant: unknown, wanted: boolean): Evaluate {
  return wanted ? (activation) => left(activation) === constant : (activation) => left(activation) !== constant
}

export function compileOrdering(type: NodeType, op: Ordering, parts: Pair): CompiledNode {
  const [{ small: one, evaluate: left }, { small: other, evaluate: right }] = parts
  if (one !== null && other !== null)
    return value(
      type,
      ordered(op, (activation) => one(activation) - other(activation)),
      parts,
    )
  return value(
    type,
    ordered(op, (activation) => order(left(activation), right(activation))),
    parts,
  )
}

function ordered(op: Ordering, compare: (activation: Parameters<Evaluate>[0]) => number): Evaluate {
  switch (op) {
    case '<':
      return (activation) => compare(activation) < 0
    case '<=':
      return (activation) => compare(activation) <= 0
    case '>':
      return (activation) => compare(activation) > 0
    case '>=':
      return (activation) => compare(activation) >= 0
  }
}

/** `x in list` and `key in map`; a list that stands in the expression becomes a set of texts. */
export function compileMembership(type: NodeType, parts: Pair): CompiledNode {
  const [one, other] = parts
  const item = one.evaluate
  const container = other.evaluate
  const texts = other.isConstant ? textsOf(container({})) : null
  if (texts !== null) return value(type, (activation) => texts.has(item(activation)), parts)
  return value(type, (activation) => isMember(item(activation), container(activation)), parts)
}

function textsOf(list: unknown): ReadonlySet<unknown> | null {
  return Array.isArray(list) && list.every((item) => typeof item === 'string') ? new Set<unknown>(list) : null
}

function isMember(item: unknown, container: unknown): boolean {
  if (Array.isArray(container)) return isElement(item, container)
  if (typeof container === 'object' && container !== null && isMap(container))
    return lookUp(container, item) !== undefined
  throw new EvaluationFailure('neither a list nor a map')
}

export function compileArithmetic(type: NodeType, op: Arithmetic, parts: Pair): CompiledNode {
  const [one, other] = parts
  const left = one.evaluate
  const right = other.evaluate
  if (op === '+' && one.type.name === 'string' && other.type.name === 'string')
    return value(type, (activation) => (left(activation) as string) + (right(activation) as string), parts)
  return value(type, (activation) => calculate(op, left(activation), right(activation)), parts)
}

export function compileNegation(type: NodeType, part: CompiledNode): CompiledNode {
  const { evaluate } = part
  return value(type, (activation) => negate(evaluate(activation)), [part])
}
