import type { CompiledPolicy } from '../compiled-policy.ts'
import { judge, type PresentedFacts, type Verdict } from '../judge/judge.ts'
import { lookupFinding, planLookups } from '../lookup/plan-lookups.ts'

/**
 * Judges the facts of a case as the gateway would, look-ups included: a value counts only where the gateway would have asked for it, and
 * one that the case does not give could not be fetched.
 */
export function judgeCase(policy: CompiledPolicy, facts: PresentedFacts): Verdict {
  const { planned, failures } = planLookups(policy, facts)
  const given = planned.filter(({ lookup: { name } }) => Object.hasOwn(facts.lookups, name))
  const missing = planned.filter((one) => one.lookup.refuses && !given.includes(one))
  return judge(policy, {
    ...facts,
    lookups: Object.fromEntries(given.map(({ lookup: { name } }) => [name, facts.lookups[name] ?? null])),
    failedLookups: [
      ...failures,
      ...missing.map(({ lookup }) => ({ lookup: lookup.name, finding: lookupFinding(lookup) })),
    ],
  })
}
