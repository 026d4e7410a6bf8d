import type { AnswerPlan } from '../../model/answer.ts'
import type { OnceDemand } from '../../model/decision.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import type { LookupFailure } from '../../model/lookups.ts'
import { carriesMetadata } from '../../model/operation.ts'
import type { Finding } from '../../model/refusal.ts'
import { applyEffects } from './apply-effects.ts'
import {
  buildActivation,
  withMetadata,
  withRequested,
  type FullActivation,
  type JudgedFacts,
} from './build-activation.ts'
import { classifyCertificate } from './classify-certificate.ts'
import { checkClaims, checkMembers, type CheckedMembers } from './check-members.ts'
import type { CompiledPolicy } from '../compiled-policy.ts'
import { demandOnce } from './demand-once.ts'
import { deriveHeaders } from './derive-headers.ts'
import type { Activation } from '../expression/compile-expression.ts'
import { grantScopes } from './grant-scopes.ts'
import { judgeRules, type IllTyped } from './judge-rules.ts'
import { nameClient } from './name-client.ts'
import { planAnswer } from './plan-answer.ts'

/** What a policy says of a request. It is an approval only when `findings` is empty, and only decide() makes one of it. */
export interface Verdict {
  readonly findings: readonly Finding[]
  readonly reported: readonly Finding[]
  /** Ids of rules that applied and held. */
  readonly held: readonly string[]
  /** Effective metadata; null for operations without any. */
  readonly metadata: JsonObject | null
  readonly headers: Readonly<Record<string, string>>
  readonly clientKey: string | null
  readonly owner: string | null
  readonly once: readonly OnceDemand[]
  readonly answer: AnswerPlan
}

/** Facts before their types were held against the policy. */
export interface PresentedFacts extends Omit<JudgedFacts, 'requested' | 'translations' | 'certificateClass'> {
  readonly sent: JsonObject
  readonly failedLookups: readonly LookupFailure[]
}

/** What a judgement saw on its way, for those who explain one. */
export interface JudgementView {
  readonly facts: JudgedFacts
  /** Before the effects. */
  readonly base: FullActivation
  /** As the rules saw it. */
  readonly activation: Activation
  readonly illTyped: IllTyped
}

/** Judges facts by a policy: types, effects, scopes, then every rule; all findings in the order a reader would look for them. */
export function judge(
  policy: CompiledPolicy,
  presented: PresentedFacts,
  show?: (view: JudgementView) => void,
): Verdict {
  const { certificateClass, findings: unclassified } = classifyCertificate(policy, presented)
  const claims = checkClaims(presented.claims ?? {}, policy.claims)
  const signed = checkClaims(presented.signature?.claims ?? {}, policy.requestClaims, 'request')
  const sent = checkMembers(presented.sent, policy.members, policy.refusesUnknownMembers)
  const facts = judgedFacts(presented, certificateClass, { claims, signed, sent })
  const base = buildActivation(policy, facts)
  const effective = settleMetadata(policy, base, facts, claims.illTyped)
  const { activation } = effective
  const lookups = new Set(presented.failedLookups.map(({ lookup }) => lookup))
  const illTyped = { metadata: sent.illTyped, claims: claims.illTyped, requestClaims: signed.illTyped, lookups }
  const rules = judgeRules(policy, activation, facts, illTyped)
  show?.({ facts, base, activation, illTyped })
  const once = demandOnce(policy, activation, facts, illTyped)
  const headers = deriveHeaders(policy, activation)
  const client = nameClient(policy, activation, facts)
  const planned = planAnswer(policy, activation, facts, presented.claims)
  return {
    findings: [
      ...unclassified,
      ...claims.findings,
      ...signed.findings,
      ...sent.findings,
      ...presented.failedLookups.map(({ finding }) => finding),
      ...effective.findings,
      ...rules.enforced,
      ...once.findings,
      ...headers.findings,
      ...client.findings,
      ...planned.findings,
    ],
    reported: rules.reported,
    held: effective.held.concat(rules.held),
    metadata: carriesMetadata(facts.operation) ? withTranslations(effective) : null,
    headers: headers.headers,
    clientKey: client.key,
    owner: client.owner,
    once: once.demands,
    answer: planned.plan,
  }
}

function withTranslations({ metadata, translations }: SettledMetadata): JsonObject {
  return Object.keys(translations).length === 0 ? metadata : { ...metadata, ...translations }
}

interface CheckedFacts {
  readonly claims: ReturnType<typeof checkClaims>
  readonly signed: ReturnType<typeof checkClaims>
  readonly sent: CheckedMembers
}

/** Written out: to spread so many members costs more than a rule does. */
function judgedFacts(
  presented: PresentedFacts,
  certificateClass: string,
  { claims, signed, sent }: CheckedFacts,
): JudgedFacts {
  return {
    operation: presented.operation,
    clientId: presented.clientId,
    headers: presented.headers,
    contentType: presented.contentType,
    certificate: presented.certificate,
    hasToken: presented.hasToken,
    statementIssuer: presented.statementIssuer,
    lookups: presented.lookups,
    server: presented.server,
    parameters: presented.parameters,
    now: presented.now,
    certificateClass,
    claims: presented.claims === null ? null : claims.members,
    signature: presented.signature === null ? null : { ...presented.signature, claims: signed.members },
    requested: sent.members,
    translations: sent.translations,
  }
}

interface SettledMetadata {
  readonly metadata: Readonly<Record<string, Json>>
  readonly translations: JsonObject
  readonly findings: readonly Finding[]
  readonly held: readonly string[]
  /** With that metadata. */
  readonly activation: FullActivation
}

function settleMetadata(
  policy: CompiledPolicy,
  base: FullActivation,
  facts: JudgedFacts,
  illTypedClaims: ReadonlySet<string>,
): SettledMetadata {
  if (!carriesMetadata(facts.operation))
    return { metadata: {}, translations: {}, findings: [], held: [], activation: withMetadata(policy, base, {}) }
  const applied = applyEffects(policy, withRequested(policy, base), facts)
  // Roles that cannot be read have a finding of their own; what they grant would only be guessed.
  const guessed = [...illTypedClaims].some((name) => policy.scopes?.grantedBy?.claimsNamed.has(name) === true)
  if (policy.scopes === null || guessed) return { ...applied, held: [] }
  const granted = grantScopes(policy.scopes, applied.activation, applied.metadata['scope'])
  const findings = granted.finding === null ? applied.findings : [...applied.findings, granted.finding]
  const held = granted.finding === null ? [policy.scopes.id] : []
  const { translations } = applied
  if (granted.scope === applied.metadata['scope'])
    return { metadata: applied.metadata, translations, findings, held, activation: applied.activation }
  const { scope, ...rest } = applied.metadata
  const metadata = granted.scope === undefined ? rest : { ...rest, scope: granted.scope }
  return { metadata, translations, findings, held, activation: withMetadata(policy, base, metadata) }
}
