import type { Environment } from '@marcbachmann/cel-js'
import type { Fault } from '../../model/fault.ts'
import { findParameterProblem } from '../bind-parameters.ts'
import type { CompiledPolicy, DeclaredParameter } from '../compiled-policy.ts'
import { ExpressionCompiler } from './expression-compiler.ts'
import type { CompiledExpression } from '../expression/compile-expression.ts'
import { declareVariables, FIXED_TYPES, type Declarations, type VariablesMaker } from '../expression/declarations.ts'
import { parseMemberType, type MemberType } from '../member-type.ts'
import type { Sourced } from './policy-file.ts'
import { faultAt, mergedEntries, type ResolvedPolicy } from './resolve-inheritance.ts'

export function memberTypes(entries: ReadonlyMap<string, Sourced<string>>): ReadonlyMap<string, MemberType> {
  const types = new Map<string, MemberType>()
  for (const [name, { value }] of entries) {
    const type = parseMemberType(value)
    if (type !== null) types.set(name, type)
  }
  return types
}

/** Every name an expression may use, for hints at misspelt ones. */
export function declaredNames(
  ...groups: readonly (Iterable<string> | ReadonlyMap<string, unknown>)[]
): readonly string[] {
  const roots = [
    'now',
    'request',
    'certificate',
    'statement',
    'statementIssuer',
    'requested',
    'metadata',
    'translations',
    'parameters',
    'variables',
    'server',
    'lookups',
  ]
  const fields = Object.values(FIXED_TYPES).flatMap((type) => Object.keys(type))
  return [
    ...roots,
    ...fields,
    ...groups.flatMap((group) => [...(group instanceof Map ? group.keys() : group)] as string[]),
  ]
}

export function compileParameters(resolved: ResolvedPolicy, faults: Fault[]): CompiledPolicy['parameters'] {
  const parameters = new Map<string, DeclaredParameter>()
  for (const [name, { source, path, value }] of mergedEntries(
    resolved.chain,
    ['parameters'],
    (content) => content.parameters,
  )) {
    const memberType = parseMemberType(value.type)
    if (memberType === null) continue
    const problem = findParameterProblem(value, memberType, value.default)
    if (problem !== null) faults.push(faultAt(source, [...path, 'default'], problem.wanted, problem.found))
    parameters.set(name, { ...value, memberType })
  }
  return parameters
}

export interface CompiledVariables {
  readonly variables: ReadonlyMap<string, CompiledExpression>
  readonly makeVariables: VariablesMaker
  readonly environment: Environment
}

/** A variable may use those declared before it; each is checked in an environment that knows exactly these. */
export function compileVariables(
  resolved: ResolvedPolicy,
  declarations: Declarations,
  names: readonly string[],
  faults: Fault[],
): CompiledVariables {
  const variables = new Map<string, CompiledExpression>()
  const types = new Map<string, string>()
  let declared = declareVariables(declarations.environment, types)
  for (const [name, sourced] of mergedEntries(resolved.chain, ['variables'], (content) => content.variables)) {
    const expression = new ExpressionCompiler(declared.environment, names, variables, faults).compile(sourced, [])
    // After a fault the name still gets a type, so that one faulty variable is not reported again by every rule that uses it.
    types.set(name, expression?.type ?? 'dyn')
    if (expression !== null) variables.set(name, expression)
    declared = declareVariables(declarations.environment, types)
  }
  return { variables, ...declared }
}
