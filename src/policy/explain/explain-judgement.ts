import type { PolicyIdentity } from '../../model/decision.ts'
import type { JsonObject } from '../../model/json.ts'
import type { Operation } from '../../model/operation.ts'
import type { Finding } from '../../model/refusal.ts'
import type { CompiledPolicy } from '../compiled-policy.ts'
import type { ResolvedPolicy } from '../compile/resolve-inheritance.ts'
import { judge, type JudgementView, type PresentedFacts, type Verdict } from '../judge/judge.ts'
import { explainRules, type ExplainedRule } from './explain-rule.ts'
import { findEarlierRefusals } from './find-earlier-refusals.ts'
import { traceEffects, type MemberChange } from './trace-effects.ts'

/** All there is to say of how a policy came to its verdict on one request. */
export interface JudgementExplanation {
  readonly policy: PolicyIdentity
  readonly operation: Operation
  readonly at: Date
  readonly parameters: JsonObject
  /** What earlier stages would have refused it for, as far as that shows without their means: the rules would not have been asked. */
  readonly earlier: readonly Finding[]
  readonly verdict: Verdict
  readonly rules: readonly ExplainedRule[]
  readonly changes: readonly MemberChange[]
  readonly scopes: { readonly requested: string | null; readonly granted: string | null } | null
}

/** Has the very judge of the gateway judge the facts, and tells what it saw. */
export function explainJudgement(
  policy: CompiledPolicy,
  resolved: ResolvedPolicy,
  presented: PresentedFacts,
): JudgementExplanation {
  const { name, version, sha256 } = policy
  const { operation, now: at, parameters } = presented
  const views: JudgementView[] = []
  const verdict = judge(policy, presented, (view) => views.push(view))
  const [view] = views
  if (view === undefined) throw new Error('the judge showed nothing')
  return {
    policy: { name, version, sha256 },
    ...{ operation, at, parameters, verdict },
    earlier: findEarlierRefusals(policy, presented),
    rules: explainRules(policy, view, verdict),
    changes: traceEffects(policy, resolved, presented.sent, view, verdict),
    scopes: policy.scopes === null || verdict.metadata === null ? null : scopesOf(view, verdict.metadata),
  }
}

function scopesOf({ facts }: JudgementView, metadata: JsonObject): JudgementExplanation['scopes'] {
  const textOf = (members: JsonObject): string | null => {
    const { scope } = members
    return typeof scope === 'string' ? scope : null
  }
  return { requested: textOf(facts.requested), granted: textOf(metadata) }
}
