import type { CertificateFacts } from '../../model/client.ts'
import type { Operation } from '../../model/operation.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import { certificateValue } from './certificate-value.ts'
import type { CompiledPolicy } from '../compiled-policy.ts'
import type { Activation } from '../expression/compile-expression.ts'
import { make, makeVariables } from '../expression/declarations.ts'

/** What a policy judges, free of proofs so that cases.yaml can be judged by the same code; only decide() makes an approval of it. */
export interface JudgedFacts {
  readonly operation: Operation
  readonly clientId: string
  readonly certificate: CertificateFacts | null
  /** Class of the certificate; empty when it is of none, or there is none. */
  readonly certificateClass: string
  /** A token came with the request, whatever it is worth. */
  readonly hasToken: boolean
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
  const { declarations } = policy
  return {
    now: facts.now,
    request: requestOf(facts),
    certificate: facts.certificate === null ? undefined : certificateValue(facts.certificate),
    certificateClass: facts.certificateClass,
    token: make.token({ presented: facts.hasToken }),
    statement: declarations.makeStatement(facts.claims ?? {}),
    requested: declarations.makeMetadata(facts.requested),
    translations: facts.translations,
    parameters: declarations.makeParameters(facts.parameters),
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
  return activationOf(policy, activation, policy.declarations.makeMetadata(metadata))
}

function activationOf(policy: CompiledPolicy, activation: Activation, metadata: unknown): Activation {
  const variables = makeVariables((name) => policy.variables.get(name)?.evaluate(current))
  const current: Activation = { ...activation, metadata, variables }
  return current
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
