import type { CompiledPolicy } from '../compiled-policy.ts'
import { judge, type PresentedFacts, type Verdict } from '../judge/judge.ts'
import { settleCaseLookups } from './settle-case-lookups.ts'

/** Judges the facts of a case as the gateway would, look-ups included. */
export function judgeCase(policy: CompiledPolicy, facts: PresentedFacts): Verdict {
  return judge(policy, settleCaseLookups(policy, facts))
}
