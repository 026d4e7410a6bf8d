import type { Finding } from '../../model/refusal.ts'
import type { CompiledPolicy, CompiledRule } from '../compiled-policy.ts'
import type { JudgedFacts } from './build-activation.ts'
import { describeFailure } from './describe-failure.ts'
import type { Activation, CompiledExpression } from '../expression/compile-expression.ts'
import { toShortText } from './read-result.ts'

export interface JudgedRules {
  readonly enforced: readonly Finding[]
  /** Broken rules in report mode. */
  readonly reported: readonly Finding[]
  /** Ids of rules that applied and held. */
  readonly held: readonly string[]
}

/** Judges every rule that applies, so that a registrant learns of all that is wrong in one answer. */
export function judgeRules(
  policy: CompiledPolicy,
  activation: Activation,
  facts: JudgedFacts,
  illTyped: IllTyped,
): JudgedRules {
  const enforced: Finding[] = []
  const reported: Finding[] = []
  const held: string[] = []
  const isAllTyped = Object.values(illTyped).every(({ size }: ReadonlySet<string>) => size === 0)
  for (const rule of policy.rules) {
    if (!isInForce(rule, facts) || (!isAllTyped && namesIllTyped([rule.when, rule.require], illTyped))) continue
    const outcome = judgeRule(rule, activation)
    if (outcome === 'held') held.push(rule.id)
    else if (outcome !== 'not-applicable') (rule.enforced ? enforced : reported).push(outcome)
  }
  return { enforced, reported, held }
}

/** What already has a finding of its own. */
export interface IllTyped {
  readonly metadata: ReadonlySet<string>
  readonly claims: ReadonlySet<string>
  readonly lookups: ReadonlySet<string>
  readonly requestClaims: ReadonlySet<string>
}

/** Whether it is for this operation and kind of certificate, at this time. */
export function isInForce(
  rule: CompiledRule,
  facts: Pick<JudgedFacts, 'operation' | 'certificateClass' | 'now'>,
): boolean {
  if (!rule.on.has(facts.operation)) return false
  if (rule.certificate !== null && !rule.certificate.has(facts.certificateClass)) return false
  return (rule.from === null || facts.now >= rule.from) && (rule.until === null || facts.now <= rule.until)
}

/** Not judging such a rule loses nothing: the other finding refuses the request already. */
export function namesIllTyped(
  expressions: readonly (CompiledExpression | null)[],
  { metadata, claims, requestClaims, lookups }: IllTyped,
): boolean {
  return expressions
    .filter((expression) => expression !== null)
    .some(
      ({ metadataNamed, claimsNamed, requestClaimsNamed, lookupsNamed }) =>
        [...metadata].some((name) => metadataNamed.has(name)) ||
        [...claims].some((name) => claimsNamed.has(name)) ||
        [...requestClaims].some((name) => requestClaimsNamed.has(name)) ||
        [...lookups].some((name) => lookupsNamed.has(name)),
    )
}

/** Anything but a plain `true` of `require` breaks the rule; an expression that fails breaks it too (fail closed). */
function judgeRule(rule: CompiledRule, activation: Activation): Finding | 'held' | 'not-applicable' {
  try {
    if (rule.when !== null && rule.when.evaluate(activation) === false) return 'not-applicable'
    if (rule.require.evaluate(activation) === true) return 'held'
  } catch (failure) {
    return {
      ...baseFinding(rule, activation),
      reason: 'rule-failed',
      detail: `the expression failed: ${describeFailure(failure)}`,
    }
  }
  return baseFinding(rule, activation)
}

function baseFinding(rule: CompiledRule, activation: Activation): Finding {
  const { clause, error, description, status } = rule
  const wanted = shownValue(rule.wanted, activation)
  const found = shownValue(rule.found, activation)
  return {
    reason: 'rule-broken',
    rule: rule.id,
    at: rule.at,
    message: rule.message,
    ...(clause === null ? {} : { clause }),
    ...(error === null ? {} : { error }),
    ...(description === null ? {} : { description }),
    ...(status === null ? {} : { status }),
    ...(wanted === null ? {} : { wanted }),
    ...(found === null ? {} : { found }),
  }
}

/** Values are shown where they can be computed; one that cannot must not hide the finding itself. */
function shownValue(expression: CompiledExpression | null, activation: Activation): string | null {
  if (expression === null) return null
  try {
    return toShortText(expression.evaluate(activation))
  } catch {
    return null
  }
}
