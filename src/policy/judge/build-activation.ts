import type { CertificateFacts } from '../../model/client.ts'
import type { Operation } from '../../model/operation.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import { certificateValue } from './certificate-value.ts'
import type { CompiledPolicy } from '../compiled-policy.ts'
import type { Activation } from '../expression/compile-expression.ts'
import { make, makeVariables } from '../expression/declarations.ts'
import { toExpressionValue, type MemberType } from '../member-type.ts'

/** What a policy judges, free of proofs so that cases.yaml can be judged by the same code; only decide() makes an approval of it. */
export interface JudgedFacts {
  readonly operation: Operation
  readonly clientId: string
  readonly certificate: CertificateFacts | null
  /** Claims of the verified statement; null when there is none. */
  readonly claims: JsonObject | null
  /** Well-typed members, as sent. */
  readonly requested: JsonObject
  readonly translations: JsonObject
  readonly parameters: JsonObject
  readonly now: Date
}

/** Values of all declared names except `metadata`, which effects change; variables are evaluated when first asked for. */
export function buildActivation(policy: CompiledPolicy, facts: JudgedFacts): Activation {
  const { declarations, members, claims } = policy
  return {
    now: facts.now,
    request: requestOf(facts),
    certificate: facts.certificate === null ? undefined : certificateValue(facts.certificate),
    statement: declarations.makeStatement(expressionValues(facts.claims ?? {}, claims)),
    requested: declarations.makeMetadata(expressionValues(facts.requested, members)),
    translations: facts.translations,
    parameters: parametersOf(policy, facts.parameters),
  }
}

/** What the registrant sent is the first state of the metadata; it need not be made once more. */
export function withRequested(policy: CompiledPolicy, activation: Activation): Activation {
  return activationOf(policy, activation, activation['requested'])
}

/** The activation seen by rules and effects at one moment: the metadata as it stands, and variables over it. */
export function withMetadata(
  policy: CompiledPolicy,
  activation: Activation,
  metadata: Readonly<Record<string, Json>>,
): Activation {
  return activationOf(policy, activation, policy.declarations.makeMetadata(expressionValues(metadata, policy.members)))
}

function activationOf(policy: CompiledPolicy, activation: Activation, metadata: unknown): Activation {
  const variables = makeVariables((name) => policy.variables.get(name)?.evaluate(current))
  const current: Activation = { ...activation, metadata, variables }
  return current
}

/** Parameters are bound once for an endpoint and serve all its requests. */
const boundParameters = new WeakMap<CompiledPolicy, WeakMap<JsonObject, object>>()

function parametersOf(policy: CompiledPolicy, parameters: JsonObject): object {
  const known = boundParameters.get(policy) ?? new WeakMap<JsonObject, object>()
  boundParameters.set(policy, known)
  const value = known.get(parameters) ?? makeParameters(policy, parameters)
  known.set(parameters, value)
  return value
}

function makeParameters(policy: CompiledPolicy, parameters: JsonObject): object {
  const types = new Map([...policy.parameters].map(([name, parameter]) => [name, parameter.memberType]))
  return policy.declarations.makeParameters(expressionValues(parameters, types))
}

function requestOf(facts: JudgedFacts): object {
  const { operation, clientId } = facts
  return make.request({
    operation,
    clientId,
    hasStatement: facts.claims !== null,
    hasCertificate: facts.certificate !== null,
  })
}

/** Members that are declared, as expression values; others stay invisible. */
function expressionValues(
  members: Readonly<Record<string, Json>>,
  types: ReadonlyMap<string, MemberType>,
): Readonly<Record<string, unknown>> {
  const values: Record<string, unknown> = {}
  for (const name of Object.keys(members)) {
    const type = types.get(name)
    const value = members[name]
    if (type !== undefined && value !== undefined) values[name] = toExpressionValue(value, type)
  }
  return values
}
