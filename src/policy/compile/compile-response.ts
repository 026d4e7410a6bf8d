import type { Fault } from '../../model/fault.ts'
import type { Operation } from '../../model/operation.ts'
import type { CompiledResponse } from '../compiled-policy.ts'
import type { CompiledExpression } from '../expression/compile-expression.ts'
import type { ResponseContent } from '../schema/response-schema.ts'
import { OPTIONAL_STRING } from './compile-rules.ts'
import type { ExpressionCompiler } from './expression-compiler.ts'
import type { PolicyFile, Sourced } from './policy-file.ts'
import { faultAt, mergedEntries, type ResolvedPolicy } from './resolve-inheritance.ts'

type Success = NonNullable<ResponseContent['success']>
const OPERATIONS = ['create', 'update', 'delete'] as const

function statusOf(success: Success, operation: (typeof OPERATIONS)[number]): [Operation, number][] {
  const status = success[operation]?.status
  return status === undefined ? [] : [[operation, status]]
}

/** What a policy and those it extends say of granted answers: switches by the last that speaks, `remove` of all, the rest entry by entry. */
export function compileResponse(
  { chain }: ResolvedPolicy,
  compiler: ExpressionCompiler,
  faults: Fault[],
): CompiledResponse {
  const sections = chain.map((file) => file.content.response ?? {})
  const { echoStatement = false, flattenStatement = false } = Object.assign({}, ...sections) as ResponseContent
  const success = Object.assign({}, ...sections.map((section) => section.success ?? {})) as Success
  const compileAll = (key: 'set' | 'headers', wanted: readonly string[]): ReadonlyMap<string, CompiledExpression> => {
    const entries = mergedEntries(chain, ['response', key], (content) => content.response?.[key])
    const compiled = [...entries].map(([name, sourced]) => [name, compiler.compile(sourced, wanted)] as const)
    return new Map(compiled.flatMap(([name, expression]) => (expression === null ? [] : [[name, expression]])))
  }
  return {
    echoesStatement: echoStatement,
    flattensStatement: flattenStatement,
    removes: [...new Set(sections.flatMap((section) => section.remove ?? []))],
    sets: compileAll('set', []),
    headers: compileAll('headers', OPTIONAL_STRING),
    statuses: new Map(OPERATIONS.flatMap((operation) => statusOf(success, operation))),
    deletionBody: compileDeletionBody(chain, compiler, faults),
  }
}

function compileDeletionBody(
  chain: readonly PolicyFile[],
  compiler: ExpressionCompiler,
  faults: Fault[],
): CompiledExpression | null {
  const source = chain.findLast((file) => file.content.response?.success?.delete !== undefined)
  const value = source?.content.response?.success?.delete?.body
  if (source === undefined || value === undefined) return null
  return compileMap({ source, path: ['response', 'success', 'delete', 'body'], value }, compiler, faults)
}

/** An expression that gives a JSON object, of whatever values. */
export function compileMap(
  sourced: Sourced<string>,
  compiler: ExpressionCompiler,
  faults: Fault[],
): CompiledExpression | null {
  const expression = compiler.compile(sourced, [])
  if (expression === null || expression.type === 'dyn' || /^map(<string, |$)/.test(expression.type)) return expression
  const { source, path } = sourced
  faults.push(
    faultAt(source, path, 'an expression that gives a map of strings to values', `one that gives ${expression.type}`),
  )
  return null
}
