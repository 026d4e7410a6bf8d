import type { ASTNode } from '@marcbachmann/cel-js'
import { foldConstant, foldVariables, type Assumptions, type Constant } from '../analyse/fold-constant.ts'
import type { CompiledEffect, CompiledPolicy, CompiledRule } from '../compiled-policy.ts'
import { formatPath } from '../../document/key-path.ts'
import { carriesMetadata, type Operation } from '../../model/operation.ts'
import type { Fault } from '../../model/fault.ts'
import type { Sourced } from './policy-file.ts'
import { faultAt, type ResolvedPolicy } from './resolve-inheritance.ts'

/** What a policy leaves no choice about. */
interface Certainties {
  /** Parameters that have one legal value only, by name. */
  readonly parameters: ReadonlyMap<string, string | bigint>
  /** Operations for which the policy says that no statement may be sent. */
  readonly withoutStatement: ReadonlySet<Operation>
  readonly variables: ReadonlyMap<string, ASTNode>
  /** Many rules share them. */
  readonly assumptions: Map<string, Assumptions>
}

/**
 * Notes rules and effects of the policy itself that do nothing, or the same to everybody. No registrant would ever tell of them, and the first
 * kind is a hole that looks like a check. Those of extended policies were looked at when these were loaded: here a parameter may be narrower.
 */
export function noteIdleRules(resolved: ResolvedPolicy, policy: CompiledPolicy, faults: Fault[]): void {
  const certainties = certaintiesOf(resolved, policy)
  const isFaulty = (path: string): boolean =>
    faults.some((fault) => fault.file === resolved.own.file && fault.path.startsWith(path))
  for (const { source, path, value } of resolved.rules) {
    const rule = policy.rules.find(({ id }) => id === value.id)
    // What has a fault already is not judged by what is left of it.
    if (source !== resolved.own || rule === undefined || isFaulty(`${formatPath(path)}.`)) continue
    faults.push(...findIdleRule({ source, path, value: rule }, certainties))
  }
  for (const [index, { source, path }] of resolved.effects.entries()) {
    const effect = policy.effects[index]
    if (source !== resolved.own || effect === undefined || isFaulty(`${formatPath(path)}.`)) continue
    faults.push(...findIdleEffect({ source, path, value: effect }, certainties))
  }
}

function certaintiesOf({ chain }: ResolvedPolicy, { parameters, variables }: CompiledPolicy): Certainties {
  const modes = chain.map((file) => file.content.softwareStatement ?? {})
  // Where nobody speaks of statements, a policy that extends this one may yet ask for them.
  const isForbidden = (operation: 'create' | 'update'): boolean =>
    modes.findLast((mode) => mode[operation] !== undefined)?.[operation] === 'forbidden'
  const single = [...parameters].flatMap(([name, { oneOf, memberType }]) => {
    const [only, ...others] = oneOf ?? []
    if (only === undefined || others.length > 0 || memberType.kind === 'list') return []
    return [[name, typeof only === 'number' ? BigInt(only) : only] as const]
  })
  return {
    parameters: new Map(single),
    withoutStatement: new Set((['create', 'update'] as const).filter(isForbidden)),
    variables: new Map([...variables].map(([name, { ast }]) => [name, ast])),
    assumptions: new Map(),
  }
}

function findIdleRule(
  { source, path, value: rule }: Sourced<CompiledRule>,
  certainties: Certainties,
): readonly Fault[] {
  const cases = [...rule.on].map((operation) => assume(operation, rule.certificate, certainties))
  const idle =
    rule.when === null ? null : findIdleCondition({ source, path: [...path, 'when'], value: rule.when.ast }, cases)
  if (idle !== null) return [idle]
  const fault = faultAt(source, [...path, 'require'], MIXED, `one that is always true`)
  const always = foldConstant(rule.require.ast, ofAllOperations(certainties))
  if (isAlways(always, true)) return [{ ...fault, hint: REFUSES_NOBODY }]
  if (isAlways(always, false)) return [{ ...fault, found: 'one that is always false', hint: REFUSES_EVERYBODY }]
  const found = `one that comes out the same for every ${[...rule.on].join(', ')}`
  return findWithoutFacts(rule, cases).map((hint) => ({ ...fault, found, hint }))
}

const MIXED = 'a condition that some requests meet and others do not'
const REFUSES_NOBODY = 'the rule would never refuse anybody'
const REFUSES_EVERYBODY = 'to refuse an operation altogether, write request.operation != "delete" and the like'

/** An effect whose condition never holds changes nothing. */
function findIdleEffect({ source, path, value }: Sourced<CompiledEffect>, certainties: Certainties): readonly Fault[] {
  if (value.when === null) return []
  const cases = [...value.on].map((operation) => assume(operation, null, certainties))
  const fault = findIdleCondition({ source, path: [...path, 'when'], value: value.when.ast }, cases)
  return fault === null ? [] : [fault]
}

function findIdleCondition(
  { source, path, value: ast }: Sourced<ASTNode>,
  cases: readonly Assumptions[],
): Fault | null {
  const outcomes = cases.map((assumptions) => foldConstant(ast, assumptions))
  const wanted = 'a condition that can hold'
  if (outcomes.every((outcome) => isAlways(outcome, false)))
    return withHint(faultAt(source, path, wanted, 'one that never does'), 'what stands here would never apply')
  if (outcomes.every(({ is }) => is === 'failure'))
    return withHint(faultAt(source, path, wanted, 'one that always fails'), 'the facts it names are never there')
  return null
}

/** With a fact that is never there, a condition may be the same for everybody without looking so. */
function findWithoutFacts({ require, when }: CompiledRule, cases: readonly Assumptions[]): readonly string[] {
  const applying = cases.filter((assumptions) => when === null || !isAlways(foldConstant(when.ast, assumptions), false))
  const outcomes = applying.map(({ known, ...others }) =>
    // What a rule says of the operation itself is meant.
    foldConstant(require.ast, { ...others, known: without(known, 'request.operation') }),
  )
  if (outcomes.every((outcome) => isAlways(outcome, true))) return [REFUSES_NOBODY]
  return outcomes.every((outcome) => outcome.is === 'failure' || isAlways(outcome, false))
    ? ['the facts it names are never there, and it would refuse everybody']
    : []
}

function without<T>(entries: ReadonlyMap<string, T>, name: string): ReadonlyMap<string, T> {
  return new Map([...entries].filter(([key]) => key !== name))
}

function assume(operation: Operation, classes: ReadonlySet<string> | null, certainties: Certainties): Assumptions {
  const [only = '', ...others] = classes ?? []
  const certificateClass = others.length > 0 ? '' : only
  return shared(`${operation} ${certificateClass}`, certainties, () => {
    const hasNoStatement = !carriesMetadata(operation) || certainties.withoutStatement.has(operation)
    const known = new Map<string, boolean | string | bigint>([
      ['request.operation', operation],
      ...(hasNoStatement ? ([['request.hasStatement', false]] as const) : []),
      ...(certificateClass === '' ? [] : ([['certificateClass', certificateClass]] as const)),
    ])
    const withoutFields = [
      ...(hasNoStatement ? ['statement'] : []),
      ...(carriesMetadata(operation) ? [] : ['metadata', 'requested']),
    ]
    return { known, withoutFields: new Set(withoutFields) }
  })
}

function ofAllOperations(certainties: Certainties): Assumptions {
  return shared('', certainties, () => ({ known: new Map(), withoutFields: new Set() }))
}

function shared(
  key: string,
  { assumptions, parameters, variables }: Certainties,
  make: () => Omit<Assumptions, 'variables'>,
): Assumptions {
  const kept = assumptions.get(key)
  if (kept !== undefined) return kept
  const { known, withoutFields } = make()
  const values = [...parameters].map(([name, value]) => [`parameters.${name}`, value] as const)
  const made = foldVariables(variables, {
    ...{ withoutFields, variables: new Map() },
    known: new Map([...known, ...values]),
  })
  assumptions.set(key, made)
  return made
}

function isAlways(constant: Constant, value: boolean): boolean {
  return constant.is === 'value' && constant.value === value
}

function withHint(fault: Fault, hint: string): Fault {
  return { ...fault, hint }
}
