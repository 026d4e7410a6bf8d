import type { ASTNode } from '@marcbachmann/cel-js'
import { accessOf, childrenOf } from '../expression/inspect-expression.ts'

/** What an expression always gives. Only what is certain: `unknown` for all that depends on a request. */
export type Constant =
  | { readonly is: 'unknown' }
  /** Evaluation always fails, and so refuses. */
  | { readonly is: 'failure' }
  /** An optional without value. */
  | { readonly is: 'absent' }
  | { readonly is: 'value'; readonly value: boolean | string | bigint }
  | { readonly is: 'list'; readonly items: readonly Constant[] }

/** What is certain of every request that an expression is evaluated for. */
export interface Assumptions {
  /** Names such as `request.operation` or `parameters.mode` that have one value only. */
  readonly known: ReadonlyMap<string, boolean | string | bigint>
  /** Names of which no field is there: `metadata` of a read, `statement` where none may be sent. */
  readonly withoutFields: ReadonlySet<string>
  /** Folded already: each may name others any number of times. */
  readonly variables: ReadonlyMap<string, Constant>
}

export const NO_ASSUMPTIONS: Assumptions = { known: new Map(), withoutFields: new Set(), variables: new Map() }

/** Folds variables in their order, in which each names only those before it. */
export function foldVariables(variables: ReadonlyMap<string, ASTNode>, assumptions: Assumptions): Assumptions {
  const folded = new Map<string, Constant>()
  const current = { ...assumptions, variables: folded }
  for (const [name, ast] of variables) folded.set(name, foldConstant(ast, current))
  return current
}

const UNKNOWN: Constant = { is: 'unknown' }
const FAILURE: Constant = { is: 'failure' }
const ABSENT: Constant = { is: 'absent' }

const value = (of: boolean | string | bigint): Constant => ({ is: 'value', value: of })
const isTrue = (constant: Constant): boolean => constant.is === 'value' && constant.value === true
const isFalse = (constant: Constant): boolean => constant.is === 'value' && constant.value === false
const isEmpty = (constant: Constant): boolean => constant.is === 'list' && constant.items.length === 0

/** Computes what is constant in an expression. */
export function foldConstant(node: ASTNode, assumptions: Assumptions): Constant {
  const fold = (inner: ASTNode): Constant => foldConstant(inner, assumptions)
  switch (node.op) {
    case 'value':
      return isFoldable(node.args) ? value(node.args) : UNKNOWN
    case 'id':
      return knownValue(node.args, assumptions)
    case 'list':
      return foldList(node.args.map(fold))
    case '&&':
      return foldJunction(node.args.map(fold), isFalse, isTrue)
    case '||':
      return foldJunction(node.args.map(fold), isTrue, isFalse)
    case '!_':
      return foldNot(fold(node.args))
    case '?:':
      return foldChoice(fold(node.args[0]), node.args, fold)
    case 'call':
      return node.args[0] === 'has' ? foldPresence(node.args[1], assumptions) : foldStrict(node, fold)
    case 'rcall':
      return foldMethod(node.args, fold)
    default:
      return accessOf(node) === null ? foldStrict(node, fold) : foldField(node, assumptions)
  }
}

function isFoldable(literal: unknown): literal is boolean | string | bigint {
  return typeof literal === 'boolean' || typeof literal === 'string' || typeof literal === 'bigint'
}

function knownValue(name: string, { known }: Assumptions): Constant {
  const certain = known.get(name)
  return certain === undefined ? UNKNOWN : value(certain)
}

function foldList(items: readonly Constant[]): Constant {
  if (items.some(({ is }) => is === 'failure')) return FAILURE
  return items.every(({ is }) => is === 'value') ? { is: 'list', items } : UNKNOWN
}

/** Both sides count in either order: one that decides holds even where the other fails. */
function foldJunction(
  sides: readonly Constant[],
  decides: (side: Constant) => boolean,
  isNeutral: (side: Constant) => boolean,
): Constant {
  const decisive = sides.find(decides)
  if (decisive !== undefined) return decisive
  const open = sides.filter((side) => !isNeutral(side))
  if (open.length === 0) return sides[0] ?? UNKNOWN
  return open.every(({ is }) => is === 'failure') ? FAILURE : UNKNOWN
}

function foldNot(operand: Constant): Constant {
  return operand.is === 'value' && typeof operand.value === 'boolean' ? value(!operand.value) : strictly(operand)
}

function strictly(operand: Constant): Constant {
  return operand.is === 'failure' ? FAILURE : UNKNOWN
}

function foldChoice(
  condition: Constant,
  [, one, other]: readonly [ASTNode, ASTNode, ASTNode],
  fold: (node: ASTNode) => Constant,
): Constant {
  if (isTrue(condition)) return fold(one)
  return isFalse(condition) ? fold(other) : strictly(condition)
}

function foldPresence([asked]: readonly ASTNode[], { withoutFields }: Assumptions): Constant {
  const owner = asked === undefined ? undefined : accessOf(asked)?.of
  return owner?.op === 'id' && withoutFields.has(owner.args) ? value(false) : UNKNOWN
}

function foldField(node: ASTNode, assumptions: Assumptions): Constant {
  const access = accessOf(node)
  if (access === null) return UNKNOWN
  const { of, field } = access
  const isOptional = node.op === '.?' || node.op === '[?]'
  if (of.op === 'id') {
    if (assumptions.withoutFields.has(of.args)) return isOptional ? ABSENT : FAILURE
    const variable = of.args === 'variables' ? assumptions.variables.get(field) : undefined
    return variable ?? knownValue(`${of.args}.${field}`, assumptions)
  }
  const owner = foldConstant(of, assumptions)
  return owner.is === 'absent' || owner.is === 'failure' ? owner : UNKNOWN
}

function foldMethod(
  [name, receiver, values]: readonly [string, ASTNode, readonly ASTNode[]],
  fold: (node: ASTNode) => Constant,
): Constant {
  const owner = fold(receiver)
  if (owner.is === 'failure') return FAILURE
  const [first] = values
  if (owner.is === 'absent') {
    if (name === 'orValue' && first !== undefined) return fold(first)
    if (name === 'hasValue') return value(false)
    return name === 'value' ? FAILURE : UNKNOWN
  }
  if (!isEmpty(owner)) return UNKNOWN
  if (name === 'all') return value(true)
  if (name === 'exists' || name === 'exists_one') return value(false)
  return name === 'filter' || name === 'map' ? owner : UNKNOWN
}

/** Operators and functions that fail when an operand does. */
function foldStrict(node: ASTNode, fold: (node: ASTNode) => Constant): Constant {
  const operands = childrenOf(node).map(fold)
  if (operands.some(({ is }) => is === 'failure')) return FAILURE
  const [left, right] = operands
  if (node.op === 'call') return node.args[0] === 'size' ? foldSize(left) : UNKNOWN
  if (left === undefined || right === undefined) return UNKNOWN
  if (node.op === 'in') return foldMembership(left, right)
  if (left.is !== 'value' || right.is !== 'value') return foldListComparison(node.op, left, right)
  return foldComparison(node.op, left.value, right.value)
}

function foldSize(operand: Constant | undefined): Constant {
  return operand?.is === 'list' ? value(BigInt(operand.items.length)) : UNKNOWN
}

function foldMembership(left: Constant, right: Constant): Constant {
  if (left.is !== 'value' || right.is !== 'list') return UNKNOWN
  return value(right.items.some((item) => item.is === 'value' && item.value === left.value))
}

/** Lists are only told apart by whether they are empty. */
function foldListComparison(op: string, left: Constant, right: Constant): Constant {
  if (left.is !== 'list' || right.is !== 'list' || (op !== '==' && op !== '!=')) return UNKNOWN
  if (!isEmpty(left) && !isEmpty(right)) return UNKNOWN
  return value((isEmpty(left) === isEmpty(right)) === (op === '=='))
}

function foldComparison(op: string, left: boolean | string | bigint, right: boolean | string | bigint): Constant {
  switch (op) {
    case '==':
      return value(left === right)
    case '!=':
      return value(left !== right)
    case '<':
    case '<=':
    case '>':
    case '>=':
      return typeof left === 'bigint' && typeof right === 'bigint' ? value(inOrder(op, left, right)) : UNKNOWN
    default:
      return UNKNOWN
  }
}

function inOrder(op: '<' | '<=' | '>' | '>=', left: bigint, right: bigint): boolean {
  if (op === '<') return left < right
  if (op === '<=') return left <= right
  return op === '>' ? left > right : left >= right
}
