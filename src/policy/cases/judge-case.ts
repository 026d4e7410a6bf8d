import type { CompiledPolicy } from '../compiled-policy.ts'
import { judge, type PresentedFacts, type Verdict } from '../judge/judge.ts'
import { lookupFinding, planLookups } from '../lookup/plan-lookups.ts'

/**
 * Judges the facts of a case as the gateway would, look-ups included: a value counts only where the gateway would have asked for it, and
 * one that the case does not give could not be fetched.
 */
export function judgeCase(policy: CompiledPolicy, facts: PresentedFacts): Verdict {
  const { planned, findings } = planLookups(policy, facts)
  const missing = planned.filter(({ lookup }) => lookup.refuses && !Object.hasOwn(facts.lookups, lookup.name))
  const failed = [...findings, ...missing.map(({ lookup }) => lookupFinding(lookup))]
  if (failed.length > 0) return refusedBefore(failed)
  const asked = planned.flatMap(({ lookup: { name } }) => {
    const value = facts.lookups[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  return judge(policy, { ...facts, lookups: Object.fromEntries(asked) })
}

function refusedBefore(findings: Verdict['findings']): Verdict {
  return { findings, reported: [], held: [], metadata: null, headers: {}, reservationKey: null }
}
