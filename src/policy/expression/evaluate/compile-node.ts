import type { ASTNode } from '@marcbachmann/cel-js'
import { COMPREHENSIONS } from '../inspect-expression.ts'
import { asInt } from './arithmetic.ts'
import { compileAccess } from './compile-access.ts'
import { compileCall } from './compile-call.ts'
import { compileList, compileMap, compileName, compileValue } from './compile-literals.ts'
import { compileLogic, compileNot, compileTernary } from './compile-logic.ts'
import { compileBinding, compileLoop } from './compile-loops.ts'
import {
  compileArithmetic,
  compileEquality,
  compileMembership,
  compileNegation,
  compileOrdering,
} from './compile-operators.ts'
import { compileAlternative, compileOptionalCall } from './compile-optionals.ts'
import { compilePresence } from './compile-presence.ts'
import { constant, type CompiledNode, type Evaluate, type NodeCompiler, type Scope } from './compiled-node.ts'
import { NotOffered } from './evaluation-failure.ts'
import { LANGUAGE_FUNCTIONS } from './language-functions.ts'
import { isMacro, typeOf } from './node-type.ts'

/** A checked expression as one function, and the declared names it reads. */
export interface Evaluator {
  readonly evaluate: Evaluate
  readonly names: ReadonlySet<string>
}

/** Puts an expression, which the library must have checked, together from functions; nothing of its tree is looked at again. @throws NotOffered */
export function compileNode(root: ASTNode): Evaluator {
  const names = new Set<string>()
  const compiler: NodeCompiler = {
    compile: (node, scope) => folded(compileByKind(node, scope, compiler)),
    useName: (name) => names.add(name),
  }
  return { evaluate: compiler.compile(root, new Map()).evaluate, names }
}

/** What does not depend on any name is computed once. Should that fail, it fails when it runs, where `&&` or `||` may hide it. */
function folded(node: CompiledNode): CompiledNode {
  if (!node.isConstant) return node
  try {
    return constant(node.type, node.evaluate({}))
  } catch {
    return { ...node, isConstant: false }
  }
}

function compileByKind(node: ASTNode, scope: Scope, compiler: NodeCompiler): CompiledNode {
  const type = typeOf(node)
  const compile = (part: ASTNode): CompiledNode => compiler.compile(part, scope)
  switch (node.op) {
    case 'value':
      return compileValue(node)
    case 'id':
      return compileName(node, node.args, scope, compiler)
    case '.':
    case '.?':
    case '[]':
    case '[?]':
      return compileAccess(node, scope, compiler)
    case 'call':
      return compileFreeCall(node, scope, compiler)
    case 'rcall':
      return compileReceiverCall(node, scope, compiler)
    case 'list':
      return compileList(node, node.args, scope, compiler)
    case 'map':
      return compileMap(node, node.args, scope, compiler)
    case '?:':
      return compileTernary(type, [compile(node.args[0]), compile(node.args[1]), compile(node.args[2])])
    case '||':
    case '&&':
      return compileLogic(type, node.op === '||', [compile(node.args[0]), compile(node.args[1])])
    case '!_':
      return compileNot(type, compile(node.args))
    case '-_':
      // The smallest int is one that has no positive counterpart.
      return node.args.op === 'value' && typeof node.args.args === 'bigint'
        ? constant(type, asInt(-node.args.args))
        : compileNegation(type, compile(node.args))
    default:
      return compileBinary(node, compile(node.args[0]), compile(node.args[1]))
  }
}

type Binary = Extract<
  ASTNode,
  { readonly op: '==' | '!=' | 'in' | '<' | '<=' | '>' | '>=' | '+' | '-' | '*' | '/' | '%' }
>

function compileBinary(node: Binary, one: CompiledNode, other: CompiledNode): CompiledNode {
  const type = typeOf(node)
  switch (node.op) {
    case '==':
    case '!=':
      return compileEquality(type, node.op === '==', [one, other])
    case '<':
    case '<=':
    case '>':
    case '>=':
      return compileOrdering(type, node.op, [one, other])
    case 'in':
      return compileMembership(type, [one, other])
    default:
      return compileArithmetic(type, node.op, [one, other])
  }
}

function compileFreeCall(node: ASTNode & { readonly op: 'call' }, scope: Scope, compiler: NodeCompiler): CompiledNode {
  const [name, values] = node.args
  const [argument] = values
  if (isMacro(node)) {
    if (name !== 'has' || argument === undefined) throw new NotOffered(node.start, 'a macro that policies have', name)
    return compilePresence(node, argument, scope, compiler)
  }
  const parts = values.map((value) => compiler.compile(value, scope))
  return compileCall(node, name, false, parts, LANGUAGE_FUNCTIONS)
}

function compileReceiverCall(
  node: ASTNode & { readonly op: 'rcall' },
  scope: Scope,
  compiler: NodeCompiler,
): CompiledNode {
  const [name, receiver, values] = node.args
  if (isMacro(node)) return compileReceiverMacro(node, scope, compiler)
  const ofOptional = compileOptionalCall(node, name, receiver, values, scope, compiler)
  if (ofOptional !== null) return ofOptional
  const parts = [receiver, ...values].map((part) => compiler.compile(part, scope))
  return compileCall(node, name, true, parts, LANGUAGE_FUNCTIONS)
}

function compileReceiverMacro(
  node: ASTNode & { readonly op: 'rcall' },
  scope: Scope,
  compiler: NodeCompiler,
): CompiledNode {
  const [name, receiver, values] = node.args
  const [first, second, third] = values
  if (COMPREHENSIONS.has(name)) return compileLoop(node, name, receiver, values, scope, compiler)
  if ((name === 'or' || name === 'orValue') && first !== undefined)
    return compileAlternative(node, name, [receiver, first], scope, compiler)
  const isBinding = name === 'bind' && receiver.op === 'id' && receiver.args === 'cel'
  if (isBinding && first !== undefined && second !== undefined && third !== undefined)
    return compileBinding(node, [first, second, third], scope, compiler)
  throw new NotOffered(node.start, 'a macro that policies have', name)
}
