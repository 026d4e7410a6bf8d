import type { Fault } from '../../model/fault.ts'
import { findParameterProblem, findTypeProblem, type ValueProblem } from '../bind-parameters.ts'
import type { CompiledPolicy, DeclaredParameter } from '../compiled-policy.ts'
import type { Knowledge } from '../analyse/analyse-expression.ts'
import { meaningOfMember, wordMeaning, type Meaning } from '../analyse/meaning.ts'
import { memberTypes } from './compile-types.ts'
import { ExpressionCompiler, type CompilerOptions } from './expression-compiler.ts'
import type { CompiledExpression } from '../expression/compile-expression.ts'
import { declareVariables, type Declarations } from '../expression/declarations.ts'
import { FACT_NAMES, FIXED_TYPES } from '../expression/facts.ts'
import type { KnownTypes } from '../parse-member-type.ts'
import { faultAt, mergedEntries, type ResolvedPolicy } from './resolve-inheritance.ts'

/** Every name an expression may use, for hints at misspelt ones. */
export function declaredNames(
  ...groups: readonly (Iterable<string> | ReadonlyMap<string, unknown>)[]
): readonly string[] {
  const fields = Object.values(FIXED_TYPES).flatMap((type) => Object.keys(type))
  return [
    ...FACT_NAMES,
    ...fields,
    ...groups.flatMap((group) => [...(group instanceof Map ? group.keys() : group)] as string[]),
  ]
}

export function compileParameters(
  resolved: ResolvedPolicy,
  known: KnownTypes,
  faults: Fault[],
): CompiledPolicy['parameters'] {
  const parameters = new Map<string, DeclaredParameter>()
  const entries = mergedEntries(resolved.chain, ['parameters'], (content) => content.parameters)
  for (const [name, { source, path, value }] of entries) {
    const [memberType = { kind: 'dyn' }] = memberTypes(
      new Map([[name, { source, path: [...path, 'type'], value: value.type }]]),
      known,
      faults,
    ).values()
    const note = (key: readonly (string | number)[], problem: ValueProblem | null): void => {
      if (problem === null) return
      const { wanted, found, hint } = problem
      faults.push({
        ...faultAt(source, [...path, ...key], wanted, found),
        ...(hint === undefined ? {} : { hint }),
      })
    }
    for (const [index, legal] of (value.oneOf ?? []).entries())
      note(['oneOf', index], findTypeProblem(memberType.kind === 'list' ? memberType.of : memberType, legal))
    note(['default'], findParameterProblem(value, memberType, value.default))
    parameters.set(name, { ...value, memberType })
  }
  return parameters
}

/** What is known of the values of parameters: of those with `oneOf` the legal ones. */
export function parameterMeanings(parameters: CompiledPolicy['parameters']): ReadonlyMap<string, Meaning> {
  return new Map(
    [...parameters].map(([name, { memberType, oneOf }]) => {
      if (oneOf === undefined) return [name, meaningOfMember(memberType)]
      const words = oneOf.map((legal) => (typeof legal === 'number' ? BigInt(legal) : legal))
      const one = wordMeaning({ name: `parameters.${name}`, words })
      return [name, memberType.kind === 'list' ? { kind: 'list', of: one } : one]
    }),
  )
}

export interface CompiledVariables extends Pick<CompilerOptions, 'environment' | 'variables' | 'compiled'> {
  readonly hasHidden: boolean
}

/** A variable may use those declared before it; each is checked in an environment that knows exactly these. */
export function compileVariables(
  resolved: ResolvedPolicy,
  declarations: Declarations,
  names: readonly string[],
  knowledge: Knowledge,
  faults: Fault[],
): CompiledVariables {
  const variables = new Map<string, CompiledExpression>()
  const compiled: CompilerOptions['compiled'] = new Map()
  const types = new Map<string, string>()
  let hasHidden = false
  let environment = declareVariables(declarations.environment, types)
  let isBehind = false
  const catchUp = (): void => {
    if (isBehind) environment = declareVariables(declarations.environment, types)
    isBehind = false
  }
  for (const [name, sourced] of mergedEntries(resolved.chain, ['variables'], (content) => content.variables)) {
    // Making an environment costs more than checking the expression, and most variables use no others.
    if (sourced.value.includes('variables')) catchUp()
    const options = { environment, names, variables, knowledge, compiled, own: resolved.own, faults }
    const compiler = new ExpressionCompiler(options)
    const expression = compiler.compile(sourced, [])
    hasHidden ||= compiler.hasHidden
    // After a fault the name still gets a type, so that one faulty variable is not reported again by every rule that uses it.
    types.set(name, expression?.type ?? 'dyn')
    if (expression !== null) {
      variables.set(name, expression)
      knowledge.dictionary.variables.set(name, expression.meaning)
      knowledge.sizes.set(name, expression.size)
    }
    isBehind = true
  }
  catchUp()
  return { variables, environment, compiled, hasHidden }
}
