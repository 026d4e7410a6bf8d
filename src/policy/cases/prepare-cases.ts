import type { Operation } from '../../model/operation.ts'
import type { CompiledPolicy } from '../compiled-policy.ts'
import type { PresentedFacts, Verdict } from '../judge/judge.ts'
import { buildCaseFacts } from './build-case-facts.ts'
import type { CaseFacts, CasesFile } from './cases-file-schema.ts'
import { findApprovalProblem, findRejectionProblem, type ApproveCase, type RejectCase } from './find-problem.ts'
import { judgeCase } from './judge-case.ts'
import { nameCaseClient } from './name-case-client.ts'

/** Where a case stands in its file. */
export type CasePath = readonly ['approve' | 'reject', number]

/** What became of a case: no verdict where the case itself is wrong, no problem where it came out as it says. */
interface CaseOutcome {
  readonly verdict: Verdict | null
  readonly problem: string | null
}

/** A case for one operation, its facts built once: they are the same under every form of the rules. */
export interface PreparedCase {
  readonly path: CasePath
  readonly name: string
  readonly operation: Operation
  readonly judge: (policy: CompiledPolicy) => CaseOutcome
}

/** The cases of a policy, and before them what is given, which must be approved by itself. */
export function prepareCases(
  policy: CompiledPolicy,
  { given, approve, reject }: CasesFile,
): { readonly given: PreparedCase; readonly tests: readonly PreparedCase[] } {
  const prepare = (path: CasePath, test: ApproveCase | RejectCase, find: FindProblem): readonly PreparedCase[] =>
    (test.on ?? ['create']).map((operation) => ({
      ...{ path, name: test.name, operation },
      judge: prepareJudgement(policy, given, test, operation, find),
    }))
  return {
    given: {
      ...{ path: ['approve', -1], name: 'given', operation: 'create' },
      judge: prepareJudgement(policy, given, {}, 'create', approves({})),
    },
    tests: [
      ...approve.flatMap((test, index) => prepare(['approve', index], test, approves(test))),
      ...reject.flatMap((test, index) =>
        prepare(['reject', index], test, (form, verdict) => findRejectionProblem(form, verdict, test)),
      ),
    ],
  }
}

type FindProblem = (policy: CompiledPolicy, verdict: Verdict, facts: PresentedFacts) => string | null

function approves(test: Pick<ApproveCase, 'expect' | 'registered'>): FindProblem {
  return (policy, verdict, facts) =>
    findApprovalProblem(verdict, nameCaseClient(policy, facts, verdict, test.registered), test)
}

function prepareJudgement(
  policy: CompiledPolicy,
  given: CaseFacts,
  change: CaseFacts,
  operation: Operation,
  find: FindProblem,
): PreparedCase['judge'] {
  try {
    const facts = buildCaseFacts(policy, given, change, operation)
    return (form) => judgeSafely(form, facts, find)
  } catch (failure) {
    return () => wrongCase(failure)
  }
}

function judgeSafely(policy: CompiledPolicy, facts: PresentedFacts, find: FindProblem): CaseOutcome {
  try {
    const verdict = judgeCase(policy, facts)
    return { verdict, problem: find(policy, verdict, facts) }
  } catch (failure) {
    return wrongCase(failure)
  }
}

function wrongCase(failure: unknown): CaseOutcome {
  const problem = `the case itself is wrong: ${failure instanceof Error ? failure.message : String(failure)}`
  return { verdict: null, problem }
}
