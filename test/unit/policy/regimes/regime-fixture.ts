import { join } from 'node:path'
import type { Operation } from '../../../../src/model/operation.ts'
import { buildCaseFacts } from '../../../../src/policy/cases/build-case-facts.ts'
import type { CaseFacts } from '../../../../src/policy/cases/cases-file-schema.ts'
import { loadCases } from '../../../../src/policy/cases/load-cases.ts'
import type { CompiledPolicy } from '../../../../src/policy/compiled-policy.ts'
import { judge, type Verdict } from '../../../../src/policy/judge/judge.ts'
import { loadPolicies } from '../../../../src/policy/load-policies.ts'
import { ROOT } from '../../../architecture/source-files.ts'
import { policyOf } from '../policy-fixture.ts'

const FOLDER = join(ROOT, 'policies')
const { policies } = await loadPolicies(FOLDER)

/** A published policy with the good registration of its cases. */
export interface Regime {
  readonly policy: CompiledPolicy
  readonly given: CaseFacts
  /** Judges what is given with this change (a JSON merge patch). */
  readonly judge: (change: CaseFacts, operation?: Operation) => Verdict
  /** Ids of the broken rules, and built-in reasons where no rule is at stake. */
  readonly broken: (change: CaseFacts, operation?: Operation) => readonly string[]
}

export async function openRegime(name: string): Promise<Regime> {
  const policy = policyOf(policies, name)
  const { loaded } = await loadCases(join(FOLDER, name))
  if (loaded === null) throw new Error(`no cases of ${name}`)
  const { given } = loaded.cases
  const judged = (change: CaseFacts, operation: Operation = 'create'): Verdict =>
    judge(policy, buildCaseFacts(policy, given, change, operation))
  return {
    policy,
    given,
    judge: judged,
    broken: (change, operation) => judged(change, operation).findings.map(({ rule, reason }) => rule ?? reason),
  }
}
