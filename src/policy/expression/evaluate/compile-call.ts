import type { ASTNode } from '@marcbachmann/cel-js'
import { smallInt, value, type CompiledNode, type Evaluate } from './compiled-node.ts'
import { EvaluationFailure, NotOffered } from './evaluation-failure.ts'
import { overloadsFor, type FunctionTable, type Overload } from './function-table.ts'
import { typeOf } from './node-type.ts'

/** A call of a function by the types of its values: settled now where they are known, else when it runs. `parts` begins with the receiver. */
export function compileCall(
  node: ASTNode,
  name: string,
  hasReceiver: boolean,
  parts: readonly CompiledNode[],
  table: FunctionTable,
): CompiledNode {
  const types = parts.map(({ type }) => type)
  const overloads = overloadsFor(table, name, hasReceiver, types)
  const [only] = overloads
  if (only === undefined) throw new NotOffered(node.start, 'a function that policies have', name)
  if (types.some(({ hasDynType }) => hasDynType)) return value(typeOf(node), dispatch(name, overloads, parts), parts)
  const run = callerOf(only.handler, parts)
  return only.isSmall
    ? smallInt(typeOf(node), run as (activation: object) => number, parts)
    : value(typeOf(node), run, parts)
}

function callerOf(handler: Overload['handler'], parts: readonly CompiledNode[]): Evaluate {
  const [first, second, ...more] = parts.map(({ evaluate }) => evaluate)
  if (first === undefined) return () => handler()
  if (second === undefined) return (activation) => handler(first(activation))
  if (more.length === 0) return (activation) => handler(first(activation), second(activation))
  return (activation) => handler(first(activation), second(activation), ...more.map((evaluate) => evaluate(activation)))
}

function dispatch(name: string, overloads: readonly Overload[], parts: readonly CompiledNode[]): Evaluate {
  return (activation) => {
    const values = parts.map(({ evaluate }) => evaluate(activation))
    const overload = overloads.find(({ guards }) => guards.every((guard, index) => guard(values[index])))
    if (overload === undefined) throw new EvaluationFailure(`no matching overload of ${name}`)
    const result = overload.handler(...values)
    return overload.isSmall ? BigInt(result as number) : result
  }
}
