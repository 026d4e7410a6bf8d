import type { ASTNode } from '@marcbachmann/cel-js'
import {
  optional,
  opener,
  value,
  type Activation,
  type CompiledNode,
  type Evaluate,
  type NodeCompiler,
  type Scope,
} from './compiled-node.ts'
import { EvaluationFailure, failingWith } from './evaluation-failure.ts'
import { guardOf, type Guard } from './guards.ts'
import { openedType, typeOf, type NodeType } from './node-type.ts'
import { elementAt, readMember } from './read-member.ts'
import { Fields } from './typed-values.ts'

type Access = ASTNode & { readonly op: '.' | '.?' | '[]' | '[?]' }
/** Gives what the owner has, undefined for nothing. */
type Reader = (owner: unknown) => unknown

/** `a.b`, `a[b]`, and the same of what may be absent: `a.?b`, `a[?b]`, `.b` after either of them. */
export function compileAccess(node: Access, scope: Scope, compiler: NodeCompiler): CompiledNode {
  const owner = compiler.compile(node.args[0], scope)
  const isOptional = node.op === '.?' || node.op === '[?]' || owner.type.kind === 'optional'
  // What may be absent has the type of what is then there; what is an optional itself, such as a variable, stays one.
  const type = isOptional ? openedType(typeOf(node)) : typeOf(node)
  const name = nameOf(node)
  if (name !== null) return compileNamed(node, owner, name, guardedReader(owner.type, name, type), isOptional)
  const key = compiler.compile(node.args[1] as ASTNode, scope)
  return compileKeyed(node, owner, key, guardOf(type), isOptional)
}

/** The field, where the expression spells it out. */
export function nameOf(node: Access): string | null {
  if (node.op === '.' || node.op === '.?') return node.args[1]
  const [, key] = node.args
  return key.op === 'value' && typeof key.args === 'string' ? key.args : null
}

function compileNamed(
  node: Access,
  owner: CompiledNode,
  name: string,
  read: Reader,
  isOptional: boolean,
): CompiledNode {
  const type = typeOf(node)
  if (isOptional) return optional(type, optionalRead(opener(owner), read), [owner])
  const { evaluate } = owner
  const fail = failingWith(`No such key: ${name}`)
  return value(
    type,
    (activation) => {
      const found = read(evaluate(activation))
      return found === undefined ? fail() : found
    },
    [owner],
  )
}

const failNoMembers = failingWith('a member of something that has none')

/** What is absent has no members; what is there and cannot have any, such as a text or null, is a mistake of whoever sent it. */
function optionalRead(open: Evaluate, read: Reader): Evaluate {
  return (activation) => {
    const owner = open(activation)
    if (owner === undefined) return undefined
    return typeof owner === 'object' && owner !== null ? read(owner) : failNoMembers()
  }
}

function compileKeyed(
  node: Access,
  owner: CompiledNode,
  key: CompiledNode,
  guard: Guard,
  isOptional: boolean,
): CompiledNode {
  const parts = [owner, key]
  const read = keyedReader(owner, key, guard)
  if (isOptional) {
    const open = opener(owner)
    const readOptional: Evaluate = (activation) => {
      const from = open(activation)
      if (from === undefined) return undefined
      return typeof from === 'object' && from !== null ? read(from, activation) : failNoMembers()
    }
    return optional(typeOf(node), readOptional, parts)
  }
  const { evaluate } = owner
  const readKey = key.evaluate
  return value(
    typeOf(node),
    (activation) => {
      const found = read(evaluate(activation), activation)
      if (found === undefined) throw new EvaluationFailure(`No such key: ${String(readKey(activation)).slice(0, 500)}`)
      return found
    },
    parts,
  )
}

function keyedReader(
  owner: CompiledNode,
  key: CompiledNode,
  guard: Guard,
): (owner: unknown, activation: Activation) => unknown {
  const { small, evaluate } = key
  if (small !== null && openedType(owner.type).kind === 'list')
    return (list, activation) => guarded(elementAt(list as readonly unknown[], small(activation)), guard)
  return (from, activation) => guarded(readMember(from, evaluate(activation)), guard)
}

function guarded(found: unknown, guard: Guard): unknown {
  if (found === undefined || guard(found)) return found
  throw new EvaluationFailure('a value that does not have its declared type')
}

/** How to read a field of this name. A type that is known spares asking what the owner is. */
export function guardedReader(ownerType: NodeType, name: string, type: NodeType): Reader {
  const guard = guardOf(type)
  const fail = failingWith(`Field '${name}' does not have its declared type`)
  // Names that every object of JavaScript has would be found where nobody sent them.
  const isDeclared = openedType(ownerType).kind === 'message' && !(name in Object.prototype)
  const read = isDeclared ? fieldReader(name) : (owner: unknown): unknown => readMember(owner, name)
  const primitive = JAVASCRIPT_TYPES[type.name]
  if (isDeclared && primitive !== undefined) return primitiveReader(name, primitive, fail)
  return (owner) => {
    const found = read(owner)
    return found === undefined || guard(found) ? found : fail()
  }
}

const JAVASCRIPT_TYPES: Readonly<Record<string, string>> = {
  string: 'string',
  bool: 'boolean',
  int: 'bigint',
  double: 'number',
}

function fieldReader(name: string): Reader {
  return (owner) => (owner instanceof Fields ? owner.read(name) : (owner as Readonly<Record<string, unknown>>)[name])
}

/** The same in one function: most of what expressions read are such fields. */
function primitiveReader(name: string, wanted: string, fail: () => never): Reader {
  return (owner) => {
    const found = owner instanceof Fields ? owner.read(name) : (owner as Readonly<Record<string, unknown>>)[name]
    return found === undefined || typeof found === wanted ? found : fail()
  }
}
