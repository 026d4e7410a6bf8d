import type { CertificateFacts } from '../../model/client.ts'
import type { Operation } from '../../model/operation.ts'
import type { RequestSignature } from '../../model/registration-request.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import { certificateValue } from './certificate-value.ts'
import type { CompiledPolicy } from '../compiled-policy.ts'
import type { Activation } from '../expression/compile-expression.ts'
import { make, makeVariables } from '../expression/declarations.ts'
import { lookupValue } from '../lookup/lookup-type.ts'

/** What a policy judges, free of proofs so that cases.yaml can be judged by the same code; only decide() makes an approval of it. */
export interface JudgedFacts {
  readonly operation: Operation
  readonly clientId: string
  /** Of the request, those that the endpoint lets through; names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** Media type of the body; empty where there is none. */
  readonly contentType: string
  /** Null for a request that nobody signed; its claims are well-typed. */
  readonly signature: Omit<RequestSignature, 'keysUri'> | null
  readonly certificate: CertificateFacts | null
  /** Class of the certificate; empty when it is of none, or there is none. */
  readonly certificateClass: string
  /** A token came with the request, whatever it is worth. */
  readonly hasToken: boolean
  /** Claims of the verified statement; null when there is none. */
  readonly claims: JsonObject | null
  /** Name of the directory that vouched; empty without a statement. */
  readonly statementIssuer: string
  /** Well-typed members, as sent. */
  readonly requested: JsonObject
  readonly translations: JsonObject
  /** Values of look-ups by their names, each of its declared type; those that have none are absent. */
  readonly lookups: JsonObject
  /** Metadata of the identity server; null while they are not known. */
  readonly server: JsonObject | null
  readonly parameters: JsonObject
  readonly now: Date
}

/** Values of all declared names except `metadata`, which effects change; variables are evaluated when first asked for. */
export function buildActivation(policy: CompiledPolicy, facts: JudgedFacts): Activation {
  return {
    ...buildStatementActivation(policy, facts),
    request: requestOf(policy, facts),
    certificate: facts.certificate === null ? undefined : certificateValue(facts.certificate),
    certificateClass: facts.certificateClass,
    token: make.token({ presented: facts.hasToken }),
    requested: policy.declarations.makeMetadata(facts.requested),
    translations: facts.translations,
    lookups: policy.declarations.makeLookups(lookupValues(policy, facts.lookups)),
    server: make.server(facts.server ?? {}),
  }
}

/** What is known before the request itself is: values of STATEMENT_NAMES. */
export function buildStatementActivation(
  { declarations }: CompiledPolicy,
  facts: Pick<JudgedFacts, 'claims' | 'statementIssuer' | 'parameters' | 'now'>,
): Activation {
  return {
    now: facts.now,
    statement: declarations.makeStatement(facts.claims ?? {}),
    statementIssuer: facts.statementIssuer,
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

function requestOf(policy: CompiledPolicy, facts: JudgedFacts): object {
  const { operation, clientId, headers, contentType, signature } = facts
  const claims = policy.declarations.makeRequestClaims(signature?.claims ?? {})
  const certificate = signature?.certificate ?? null
  return make.request({
    ...{ operation, clientId, headers, contentType, isSigned: signature !== null },
    header: make.requestHeader(signature === null ? {} : headerOf(signature)),
    claims,
    ...(certificate === null ? {} : { certificate: certificateValue(certificate) }),
    hasStatement: facts.claims !== null,
    hasCertificate: facts.certificate !== null,
  })
}

function lookupValues(policy: CompiledPolicy, values: JsonObject): Readonly<Record<string, unknown>> {
  const found = policy.lookups.flatMap(({ name, type }) => {
    const value = values[name]
    return value === undefined ? [] : [[name, lookupValue(value, type)] as const]
  })
  return Object.fromEntries(found)
}

function headerOf({ algorithm, keyId, type }: NonNullable<JudgedFacts['signature']>): Record<string, string> {
  return { alg: algorithm, ...(keyId === null ? {} : { kid: keyId }), ...(type === null ? {} : { typ: type }) }
}
