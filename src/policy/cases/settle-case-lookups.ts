import type { CompiledPolicy } from '../compiled-policy.ts'
import type { PresentedFacts } from '../judge/judge.ts'
import { lookupFinding, planLookups } from '../lookup/plan-lookups.ts'

/**
 * Facts of a case as the gateway would have them after its look-ups: a value counts only where the gateway would have asked for it, and
 * one that the case does not give could not be fetched.
 */
export function settleCaseLookups(policy: CompiledPolicy, facts: PresentedFacts): PresentedFacts {
  const { planned, failures } = planLookups(policy, facts)
  const given = planned.filter(({ lookup: { name } }) => Object.hasOwn(facts.lookups, name))
  const missing = planned.filter((one) => one.lookup.refuses && !given.includes(one))
  return {
    ...facts,
    lookups: Object.fromEntries(given.map(({ lookup: { name } }) => [name, facts.lookups[name] ?? null])),
    failedLookups: [
      ...failures,
      ...missing.map(({ lookup }) => ({ lookup: lookup.name, finding: lookupFinding(lookup) })),
    ],
  }
}
