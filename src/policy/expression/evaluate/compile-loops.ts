import type { ASTNode } from '@marcbachmann/cel-js'
import { value, type CompiledNode, type Evaluate, type Local, type NodeCompiler, type Scope } from './compiled-node.ts'
import { EvaluationFailure, failingWith } from './evaluation-failure.ts'
import { isMap, keysOf } from './equality.ts'
import { guardOf, type Guard } from './guards.ts'
import { DYN, typeOf, type NodeType } from './node-type.ts'

const failNoBool = failingWith('predicate must return bool')
const failNoRange = failingWith('neither a list nor a map')

/** The list a loop runs over, its variable, and what is evaluated for each element. */
interface Loop {
  readonly items: (activation: Parameters<Evaluate>[0]) => readonly unknown[]
  readonly local: Local
  readonly guard: Guard
}

/** `list.all(x, ...)` and its kin; over a map they run over its keys. */
export function compileLoop(
  node: ASTNode,
  name: string,
  range: ASTNode,
  values: readonly ASTNode[],
  scope: Scope,
  compiler: NodeCompiler,
): CompiledNode {
  const [variable, ...bodies] = values
  const over = compiler.compile(range, scope)
  const elementType = elementTypeOf(over.type)
  const local: Local = { value: undefined }
  const inner = new Map([...scope, [variable?.op === 'id' ? variable.args : '', { local, type: elementType }]])
  const parts = bodies.map((body) => compiler.compile(body, inner))
  const [first, second] = parts.map(({ evaluate }) => evaluate)
  if (first === undefined) throw new TypeError(`${name} without a body`)
  const loop = { items: itemsOf(over.evaluate), local, guard: guardOf(elementType) }
  // Never constant: the body reads the variable of the loop.
  return { ...value(typeOf(node), loopOf(name, loop, first, second), [over]), isConstant: false }
}

function elementTypeOf({ kind, keyType, valueType }: NodeType): NodeType {
  return (kind === 'list' ? valueType : kind === 'map' ? keyType : undefined) ?? DYN
}

function itemsOf(range: Evaluate): Loop['items'] {
  return (activation) => {
    const items = range(activation)
    if (Array.isArray(items)) return items as readonly unknown[]
    return typeof items === 'object' && items !== null && isMap(items) ? keysOf(items) : failNoRange()
  }
}

function loopOf(name: string, loop: Loop, first: Evaluate, second: Evaluate | undefined): Evaluate {
  switch (name) {
    case 'all':
      return quantifier(loop, first, false)
    case 'exists':
      return quantifier(loop, first, true)
    case 'exists_one':
      return exactlyOne(loop, first)
    case 'filter':
      return collector(loop, first, null)
    default:
      return second === undefined ? collector(loop, null, first) : collector(loop, first, second)
  }
}

/** As with `&&` and `||`: an element that decides the outcome hides that others fail. */
function quantifier({ items, local, guard }: Loop, body: Evaluate, decisive: boolean): Evaluate {
  return (activation) => {
    let failure: Error | null = null
    for (const item of items(activation)) {
      try {
        local.value = checked(item, guard)
        const holds = body(activation)
        if (holds === decisive) return decisive
        if (typeof holds !== 'boolean') failNoBool()
      } catch (caught) {
        failure ??= caught instanceof Error ? caught : new EvaluationFailure(String(caught))
      }
    }
    if (failure !== null) throw failure
    return !decisive
  }
}

function exactlyOne({ items, local, guard }: Loop, body: Evaluate): Evaluate {
  return (activation) => {
    let count = 0
    for (const item of items(activation)) {
      local.value = checked(item, guard)
      if (isTrue(body(activation))) count += 1
    }
    return count === 1
  }
}

/** `filter` keeps elements, `map` what it makes of them. */
function collector({ items, local, guard }: Loop, keep: Evaluate | null, make: Evaluate | null): Evaluate {
  return (activation) => {
    const results: unknown[] = []
    for (const item of items(activation)) {
      local.value = checked(item, guard)
      if (keep === null || isTrue(keep(activation))) results.push(make === null ? item : make(activation))
    }
    return results
  }
}

function checked(item: unknown, guard: Guard): unknown {
  if (!guard(item)) throw new EvaluationFailure('an element that does not have its declared type')
  return item
}

function isTrue(holds: unknown): boolean {
  return typeof holds === 'boolean' ? holds : failNoBool()
}

/** `cel.bind(name, value, expression)`. */
export function compileBinding(
  node: ASTNode,
  [variable, bound, body]: readonly [ASTNode, ASTNode, ASTNode],
  scope: Scope,
  compiler: NodeCompiler,
): CompiledNode {
  const given = compiler.compile(bound, scope)
  const local: Local = { value: undefined }
  const inner = new Map([...scope, [variable.op === 'id' ? variable.args : '', { local, type: given.type }]])
  const result = compiler.compile(body, inner)
  const { evaluate } = given
  const within = (run: Evaluate): Evaluate => {
    return (activation) => {
      local.value = evaluate(activation)
      return run(activation)
    }
  }
  const compiled = value(typeOf(node), within(result.evaluate), [given, result])
  return result.open === null ? compiled : { ...compiled, open: within(result.open) }
}
