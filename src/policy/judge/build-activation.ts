import type { CertificateFacts } from '../../model/client.ts'
import type { Operation } from '../../model/operation.ts'
import type { RequestSignature } from '../../model/registration-request.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import { certificateValue } from './certificate-value.ts'
import type { CompiledPolicy } from '../compiled-policy.ts'
import type { Activation } from '../expression/compile-expression.ts'
import { makeVariables } from '../expression/declarations.ts'
import { make, type FactValues, type FieldsOf, type Made } from '../expression/fact-values.ts'
import type { STATEMENT_FACTS } from '../expression/facts.ts'
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
  readonly translations: Readonly<Record<string, string>>
  /** Values of look-ups by their names, each of its declared type; those that have none are absent. */
  readonly lookups: JsonObject
  /** Metadata of the identity server; null while they are not known. */
  readonly server: JsonObject | null
  readonly parameters: JsonObject
  readonly now: Date
}

/** Values of all declared names but `metadata`, which effects change, and variables that look at them; each is evaluated when first asked for. */
export function buildActivation(policy: CompiledPolicy, facts: JudgedFacts): FullActivation {
  const { declarations } = policy
  const activation: FullActivation = {
    now: facts.now,
    statement: declarations.makeStatement(facts.claims ?? {}),
    statementIssuer: facts.statementIssuer,
    parameters: declarations.makeParameters(facts.parameters),
    request: requestOf(policy, facts),
    certificate: facts.certificate === null ? undefined : certificateValue(facts.certificate),
    certificateClass: facts.certificateClass,
    token: facts.hasToken ? PRESENTED : ABSENT,
    requested: declarations.makeMetadata(facts.requested),
    translations: facts.translations,
    lookups: policy.lookups.length === 0 ? NONE : declarations.makeLookups(lookupValues(policy, facts.lookups)),
    server: facts.server === null ? UNKNOWN_SERVER : make.server(facts.server),
    metadata: undefined,
    variables: makeVariables((name) => policy.variables.get(name)?.evaluate(activation)),
  }
  return activation
}

const PRESENTED = make.token({ presented: true })
const ABSENT = make.token({ presented: false })
const UNKNOWN_SERVER = make.server({})
const NO_HEADER = make.requestHeader({})
const NONE = {}

/** Values of all declared names. All in one shape, which is read faster than many, and no name is read more often. */
export type FullActivation = Activation & FactValues

/** What is known before the request itself is. */
export function buildStatementActivation(
  { declarations }: CompiledPolicy,
  facts: Pick<JudgedFacts, 'claims' | 'statementIssuer' | 'parameters' | 'now'>,
): Activation & Pick<FactValues, (typeof STATEMENT_FACTS)[number]> {
  return {
    now: facts.now,
    statement: declarations.makeStatement(facts.claims ?? {}),
    statementIssuer: facts.statementIssuer,
    parameters: declarations.makeParameters(facts.parameters),
  }
}

/** What the registrant sent is the first state of the metadata; it need not be made once more. */
export function withRequested(policy: CompiledPolicy, base: FullActivation): FullActivation {
  return activationOf(policy, base, base.requested)
}

/** The activation seen by rules and effects at one moment: the metadata as it stands, and variables over it. */
export function withMetadata(
  policy: CompiledPolicy,
  base: FullActivation,
  metadata: Readonly<Record<string, Json>>,
): FullActivation {
  return activationOf(policy, base, policy.declarations.makeMetadata(metadata))
}

/** Variables that do not look at the metadata are those of `base`, so that each is evaluated once however often the metadata change. */
function activationOf(policy: CompiledPolicy, base: FullActivation, metadata: object): FullActivation {
  const evaluate = (name: string): unknown =>
    policy.steadyVariables.has(name) ? base.variables.read(name) : policy.variables.get(name)?.evaluate(current)
  const current: FullActivation = {
    now: base.now,
    statement: base.statement,
    statementIssuer: base.statementIssuer,
    parameters: base.parameters,
    request: base.request,
    certificate: base.certificate,
    certificateClass: base.certificateClass,
    token: base.token,
    requested: base.requested,
    translations: base.translations,
    lookups: base.lookups,
    server: base.server,
    metadata,
    variables: makeVariables(evaluate),
  }
  return current
}

/** Written out, what is absent as undefined: to spread such parts into one costs more than most rules do. */
function requestOf(policy: CompiledPolicy, facts: JudgedFacts): Made<'Request'> {
  const { operation, clientId, headers, contentType, signature } = facts
  const certificate = signature?.certificate ?? null
  return make.request({
    operation,
    clientId,
    headers,
    contentType,
    isSigned: signature !== null,
    header: signature === null ? NO_HEADER : make.requestHeader(headerOf(signature)),
    claims: policy.declarations.makeRequestClaims(signature?.claims ?? NONE),
    certificate: certificate === null ? undefined : certificateValue(certificate),
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

function headerOf({ algorithm, keyId, type }: NonNullable<JudgedFacts['signature']>): FieldsOf<'RequestHeader'> {
  return { alg: algorithm, ...(keyId === null ? {} : { kid: keyId }), ...(type === null ? {} : { typ: type }) }
}
