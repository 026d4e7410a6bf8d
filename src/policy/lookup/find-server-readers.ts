import { foldConstant, foldVariables, NO_ASSUMPTIONS, type Assumptions } from '../analyse/fold-constant.ts'
import type { Json } from '../../model/json.ts'
import { carriesMetadata } from '../../model/operation.ts'
import type { CompiledPolicy } from '../compiled-policy.ts'
import type { CompiledExpression } from '../expression/compile-expression.ts'
import { usesAnyVariable } from '../expression/inspect-expression.ts'
import { classifyCertificate } from '../judge/classify-certificate.ts'
import { isInForce } from '../judge/judge-rules.ts'
import type { PresentedFacts } from '../judge/judge.ts'

type Facts = Pick<PresentedFacts, 'operation' | 'certificate' | 'parameters' | 'now'>

/** Something that is evaluated for an operation: nothing of it where its condition does not hold. */
interface Part {
  /** For the operator. */
  readonly name: string
  readonly when: CompiledExpression | null
  /** Of a rule. */
  readonly require?: CompiledExpression
  readonly expressions: readonly (CompiledExpression | null)[]
}

/**
 * What of a policy would look at the metadata of the identity server in deciding such a request, as an operator would name it. What the
 * parameters of the endpoint rule out is not asked, and what only reports refuses nobody.
 */
export function findServerReaders(policy: CompiledPolicy, facts: Facts): readonly string[] {
  const isReader = ({ when, expressions }: Part): boolean =>
    [when, ...expressions].some((expression) => expression !== null && readsServer(expression, policy))
  const readers = partsOf(policy, facts).filter(isReader)
  if (readers.length === 0) return []
  const assumptions = assume(policy, facts)
  const isAlways = (expression: CompiledExpression, value: boolean): boolean => {
    const constant = foldConstant(expression.ast, assumptions)
    return constant.is === 'value' && constant.value === value
  }
  return readers
    .filter(({ when }) => when === null || !isAlways(when, false))
    .filter(({ require }) => require === undefined || !isAlways(require, true))
    .map(({ name }) => name)
}

function partsOf(policy: CompiledPolicy, facts: Facts): readonly Part[] {
  const { operation } = facts
  const { rules, once, headers } = policy
  const { certificateClass } = classifyCertificate(policy, facts)
  const judging = rules.filter((rule) => rule.enforced && isInForce(rule, { ...facts, certificateClass }))
  return [
    ...judging.map(({ id, when, require }) => ({ name: `rule ${id}`, when, require, expressions: [require] })),
    ...once
      .filter(({ on }) => on.has(operation))
      .map(({ id, when, key, until }) => ({ name: `once ${id}`, when, expressions: [key, until] })),
    ...[...headers].map(([name, expression]) => ({ name: `header ${name}`, when: null, expressions: [expression] })),
    ...(carriesMetadata(operation) ? partsOfMetadata(policy, facts) : []),
    ...partsOfAnswer(policy, facts),
  ]
}

/** What settles the metadata that are to be registered, and whose they are. */
function partsOfMetadata({ effects, scopes, lookups, client }: CompiledPolicy, { operation }: Facts): readonly Part[] {
  return [
    ...effects
      .filter(({ on }) => on.has(operation))
      .map(({ when, defaults, sets }) => ({
        name: 'effects',
        when,
        expressions: [...defaults.values(), ...sets.values()],
      })),
    ...(scopes === null
      ? []
      : [
          {
            name: `scopes ${scopes.id}`,
            when: null,
            expressions: [scopes.grantedBy, scopes.prefixes, scopes.restrict],
          },
        ]),
    ...lookups.map(({ name, url }) => ({ name: `look-up ${name}`, when: null, expressions: [url] })),
    { name: 'client.key', when: null, expressions: [client.key] },
  ]
}

function partsOfAnswer({ response }: CompiledPolicy, { operation }: Facts): readonly Part[] {
  const { sets, headers, deletionBody } = response
  const body = operation === 'delete' ? [deletionBody] : [...sets.values()]
  return [{ name: 'response', when: null, expressions: [...headers.values(), ...body] }]
}

function readsServer({ names, ast, variablesNamed }: CompiledExpression, policy: CompiledPolicy): boolean {
  if (names.has('server')) return true
  if (usesAnyVariable(ast)) return [...policy.variables.values()].some((variable) => variable.names.has('server'))
  return [...variablesNamed].some((name) => {
    const variable = policy.variables.get(name)
    return variable !== undefined && readsServer(variable, policy)
  })
}

/** The operation and the parameters are settled before the request is looked at. */
function assume({ variables }: CompiledPolicy, { operation, parameters }: Facts): Assumptions {
  const known = Object.entries(parameters).flatMap(([name, value]) => {
    const constant = constantOf(value)
    return constant === null ? [] : [[`parameters.${name}`, constant] as const]
  })
  return foldVariables(new Map([...variables].map(([name, { ast }]) => [name, ast])), {
    ...NO_ASSUMPTIONS,
    known: new Map([...known, ['request.operation', operation]]),
  })
}

/** Null for what no constant stands for, such as a list. */
function constantOf(value: Json): boolean | string | bigint | null {
  if (typeof value === 'boolean' || typeof value === 'string') return value
  return typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : null
}
