import type { Finding } from '../../model/refusal.ts'
import type { CompiledOnce, CompiledPolicy, CompiledRule } from '../compiled-policy.ts'
import type { Activation } from '../expression/compile-expression.ts'
import type { JudgementView, Verdict } from '../judge/judge.ts'
import { createValueReader, type NamedValue } from './named-values.ts'

/** What became of one rule, or of the scopes, and why. */
export interface ExplainedRule {
  readonly id: string
  readonly title: string
  readonly clause: string | null
  /** Name of the policy that declares it. */
  readonly declaredBy: string
  readonly mode: 'enforce' | 'report'
  /** `reported` is broken in report mode; `not-judged` only where another finding refuses the request already. */
  readonly verdict: 'held' | 'broken' | 'reported' | 'not-applicable' | 'not-judged'
  /** Why it did not apply or was not judged, in words; null where it was. */
  readonly because: string | null
  /** Null unless broken. */
  readonly finding: Finding | null
  readonly values: readonly NamedValue[]
}

/** Scopes first, for they are granted before any rule is asked, then every rule in its order, then what may happen only once. */
export function explainRules(policy: CompiledPolicy, view: JudgementView, verdict: Verdict): readonly ExplainedRule[] {
  const reader = readers.get(policy) ?? createValueReader(policy)
  readers.set(policy, reader)
  const read: Read = (expressions) => reader(expressions, view.activation)
  const scopes = policy.scopes === null ? [] : [explainScopes(policy.scopes, view, verdict, read)]
  const rules = policy.rules.map((rule) => explainRule(rule, view, verdict, read))
  return [...scopes, ...rules, ...policy.once.map((entry) => explainOnce(entry, view, verdict, read))]
}

/** A policy never changes, and what its expressions name does not either. */
const readers = new WeakMap<CompiledPolicy, ReturnType<typeof createValueReader>>()

type Read = (expressions: Expressions) => readonly NamedValue[]

function explainRule(rule: CompiledRule, view: JudgementView, verdict: Verdict, read: Read): ExplainedRule {
  const { id, title, clause, declaredBy, enforced } = rule
  const about = { id, title, clause, declaredBy, mode: enforced ? ('enforce' as const) : ('report' as const) }
  const finding = [...verdict.findings, ...verdict.reported].find((one) => one.rule === id) ?? null
  const judged = judgedAs(finding, enforced ? 'broken' : 'reported', verdict.held.includes(id))
  if (judged !== null) return { ...about, ...judged, values: read([rule.when, rule.require]) }
  const beyond = whyBeyond(rule, view)
  if (beyond !== null) return { ...about, verdict: 'not-applicable', because: beyond, finding, values: [] }
  const guessed = illTypedOf([rule.when, rule.require], view)
  if (guessed.length > 0)
    return { ...about, verdict: 'not-judged', because: describeIllTyped(guessed), finding, values: [] }
  return {
    ...about,
    verdict: 'not-applicable',
    because: whyNot(rule, view.activation),
    finding,
    values: read([rule.when]),
  }
}

/** Null for one that was not judged: there are no values then that it saw. */
function judgedAs(
  finding: Finding | null,
  broken: 'broken' | 'reported',
  isHeld: boolean,
): Pick<ExplainedRule, 'verdict' | 'because' | 'finding'> | null {
  if (finding !== null) return { verdict: broken, because: null, finding }
  return isHeld ? { verdict: 'held', because: null, finding } : null
}

/** Operation, class of the certificate and dates, which are asked before anything is evaluated. */
function whyBeyond(
  { on, certificate, from, until }: CompiledRule,
  { facts: { operation, certificateClass, now } }: JudgementView,
): string | null {
  if (!on.has(operation)) return `it is for ${[...on].join(', ')} only`
  if (certificate !== null && !certificate.has(certificateClass))
    return `it is for certificates of the class ${[...certificate].join(' or ')} only, and this one is of ${certificateClass === '' ? 'none' : certificateClass}`
  if (from !== null && now < from) return `it is in force from ${dayOf(from)} on`
  return until !== null && now > until ? `it was in force until ${dayOf(until)}` : null
}

function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10)
}

type Expressions = readonly CompiledRule['when'][]

function illTypedOf(expressions: Expressions, { illTyped }: JudgementView): readonly string[] {
  return expressions.flatMap((expression) => {
    if (expression === null) return []
    const { metadataNamed, claimsNamed, requestClaimsNamed, lookupsNamed } = expression
    return [
      ...[...metadataNamed].filter((name) => illTyped.metadata.has(name)),
      ...[...claimsNamed].filter((name) => illTyped.claims.has(name)).map((name) => `statement.${name}`),
      ...[...requestClaimsNamed]
        .filter((name) => illTyped.requestClaims.has(name))
        .map((name) => `request.claims.${name}`),
      ...[...lookupsNamed].filter((name) => illTyped.lookups.has(name)).map((name) => `lookups.${name}`),
    ]
  })
}

function describeIllTyped(names: readonly string[]): string {
  const what = names.every((name) => name.startsWith('lookups.'))
    ? 'could not be had'
    : 'does not have its declared type'
  return `it looks at what ${what}: ${[...new Set(names)].join(', ')}`
}

/** What is left when a rule neither held nor broke. */
function whyNot({ when }: CompiledRule, activation: Activation): string {
  return when?.evaluate(activation) === false
    ? `this does not hold: ${when.text.replaceAll(/\s+/g, ' ').trim()}`
    : 'it does not apply to this request'
}

function explainScopes(
  scopes: NonNullable<CompiledPolicy['scopes']>,
  view: JudgementView,
  verdict: Verdict,
  read: Read,
): ExplainedRule {
  const { id, clause, declaredBy, grantedBy, restrict } = scopes
  const about = { id, title: 'Scopes are those that the roles grant', clause, declaredBy, mode: 'enforce' as const }
  const finding = verdict.findings.find((one) => one.rule === id) ?? null
  const judged = judgedAs(finding, 'broken', verdict.held.includes(id))
  if (judged !== null) return { ...about, ...judged, values: read([grantedBy, restrict]) }
  const guessed = illTypedOf([grantedBy], view)
  if (guessed.length > 0)
    return { ...about, verdict: 'not-judged', because: describeIllTyped(guessed), finding, values: [] }
  return { ...about, verdict: 'not-applicable', because: 'it is for create, update only', finding, values: [] }
}

/** Whether it happened before, the registry alone knows: what is said here is that it could be asked. */
function explainOnce(entry: CompiledOnce, view: JudgementView, verdict: Verdict, read: Read): ExplainedRule {
  const { id, clause, declaredBy, on, when, key, until } = entry
  const about = { id, title: 'It happens only once', clause, declaredBy, mode: 'enforce' as const }
  const finding = verdict.findings.find((one) => one.rule === id) ?? null
  const judged = judgedAs(
    finding,
    'broken',
    verdict.once.some((demand) => demand.id === id),
  )
  if (judged !== null) return { ...about, ...judged, values: read([when, key, until]) }
  const guessed = illTypedOf([when, key, until], view)
  if (guessed.length > 0)
    return { ...about, verdict: 'not-judged', because: describeIllTyped(guessed), finding, values: [] }
  const because = on.has(view.facts.operation) ? 'there is nothing to use up' : `it is for ${[...on].join(', ')} only`
  return { ...about, verdict: 'not-applicable', because, finding, values: [] }
}
