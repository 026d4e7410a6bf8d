import type { ASTNode } from '@marcbachmann/cel-js'
import { constant, value, type CompiledNode, type NodeCompiler, type Scope } from './compiled-node.ts'
import { mapKey } from './equality.ts'
import { EvaluationFailure, failingWith, NotOffered } from './evaluation-failure.ts'
import { guardOf, isObject } from './guards.ts'
import { alternateOf, typeOf, type NodeType } from './node-type.ts'
import { TypeName } from './typed-values.ts'

/** A name: the variable of a loop, a constant such as `sets`, or one of the declared names. */
export function compileName(node: ASTNode, name: string, scope: Scope, compiler: NodeCompiler): CompiledNode {
  const found = scope.get(name)
  if (found !== undefined) {
    const { local, type } = found
    return { ...value(type, () => local.value, []), isConstant: false }
  }
  const alternate = alternateOf(node)
  if (alternate !== null) return constant(typeOf(node), constantValue(node, alternate.args))
  compiler.useName(name)
  return { ...value(typeOf(node), nameReader(name, typeOf(node)), []), isConstant: false }
}

function nameReader(name: string, type: NodeType): CompiledNode['evaluate'] {
  const fail = failingWith(`Unknown variable: ${name}`)
  // Most names are of such types, and nothing is read more often.
  if (type.kind === 'message' && guardOf(type) === isObject)
    return (activation) => {
      const found = activation[name]
      return typeof found === 'object' && found !== null ? found : fail()
    }
  const guard = guardOf(type)
  return (activation) => {
    const found = activation[name]
    return found !== undefined && guard(found) ? found : fail()
  }
}

export function compileValue(node: ASTNode): CompiledNode {
  return constant(typeOf(node), constantValue(node, node.args))
}

const MAX_INT = 9_223_372_036_854_775_807n

function constantValue(node: ASTNode, literal: unknown): unknown {
  const offset = node.start
  if (typeof literal === 'bigint' && literal > MAX_INT)
    throw new NotOffered(offset, 'an int of 64 bits', literal.toString())
  switch (typeOf(node).name) {
    case 'uint':
      throw new NotOffered(offset, 'an int, such as 5', 'an unsigned number')
    case 'bytes':
      throw new NotOffered(offset, 'a text', 'bytes')
    case 'type':
      return typeNameOf(literal)
    default:
      return typeOf(node).kind === 'map' ? namespaceOf(literal) : literal
  }
}

/** The library has its own objects for types. */
function typeNameOf(type: unknown): TypeName {
  return new TypeName((type as { readonly name: string }).name)
}

/** The one constant that is a map: `google.protobuf.Timestamp` and its like. */
function namespaceOf(constants: unknown): unknown {
  const packages = Object.entries(constants as Readonly<Record<string, Readonly<Record<string, unknown>>>>)
  const named = packages.map(
    ([name, types]) =>
      [name, Object.fromEntries(Object.entries(types).map(([type, value]) => [type, typeNameOf(value)]))] as const,
  )
  return Object.fromEntries(named)
}

export function compileList(
  node: ASTNode,
  items: readonly ASTNode[],
  scope: Scope,
  compiler: NodeCompiler,
): CompiledNode {
  const parts = items.map((item) => compiler.compile(item, scope))
  const evaluates = parts.map(({ evaluate }) => evaluate)
  return value(typeOf(node), (activation) => evaluates.map((evaluate) => evaluate(activation)), parts)
}

/** A map of texts is a plain object without prototype, one of other keys a Map. */
export function compileMap(
  node: ASTNode,
  entries: readonly (readonly [ASTNode, ASTNode])[],
  scope: Scope,
  compiler: NodeCompiler,
): CompiledNode {
  const parts = entries.map(([key, item]) => [compiler.compile(key, scope), compiler.compile(item, scope)] as const)
  const all = parts.flat()
  return value(
    typeOf(node),
    (activation) => {
      const map = new Map<unknown, unknown>()
      for (const [key, item] of parts) {
        const at = checkedKey(key.evaluate(activation))
        if (map.has(at)) throw new EvaluationFailure('a key stands twice in a map')
        map.set(at, item.evaluate(activation))
      }
      return asPlainObject(map) ?? map
    },
    all,
  )
}

function checkedKey(key: unknown): unknown {
  if (typeof key === 'string' || typeof key === 'boolean' || typeof key === 'bigint') return mapKey(key)
  throw new EvaluationFailure('a key of a map must be a text, a bool or an int')
}

function asPlainObject(map: ReadonlyMap<unknown, unknown>): Readonly<Record<string, unknown>> | null {
  const plain = Object.create(null) as Record<string, unknown>
  for (const [key, item] of map) {
    if (typeof key !== 'string') return null
    plain[key] = item
  }
  return plain
}
