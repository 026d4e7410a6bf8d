import { isJsonObject, type Json } from '../../model/json.ts'
import type { Operation } from '../../model/operation.ts'
import { answerOf, Refusal } from '../../model/refusal.ts'
import type { CompiledPolicy } from '../compiled-policy.ts'
import { judge, type Verdict } from '../judge/judge.ts'
import { buildCaseFacts } from './build-case-facts.ts'
import type { CaseFacts, CasesFile } from './cases-file-schema.ts'

/** Where a case stands in its file. */
export type CasePath = readonly ['approve' | 'reject', number]

export interface CaseResult {
  readonly path: CasePath
  readonly name: string
  readonly operation: Operation
  /** Null when the case came out as it says. */
  readonly problem: string | null
}

export interface CasesReport {
  /** Why what is given would itself be refused, and then nothing else is known; null when it is approved. */
  readonly given: string | null
  readonly results: readonly CaseResult[]
  /** Rules this policy declares that no case approves, or none rejects: as good as untested. */
  readonly uncovered: readonly { readonly rule: string; readonly missing: 'an approving case' | 'a refusing case' }[]
}

/** Rules that cases were seen to approve and to refuse; those of a failed case count as seen, since it says itself what is wrong. */
interface Coverage {
  readonly approved: Set<string>
  readonly refused: Set<string>
}

/** Runs the cases of a policy. A reject case names its rules exactly, so that it cannot pass for the wrong reason. */
export function runCases(policy: CompiledPolicy, { given, approve, reject }: CasesFile): CasesReport {
  const judged = (change: CaseFacts, operation: Operation): Verdict =>
    judge(policy, buildCaseFacts(policy, given, change, operation))
  // Every case is a change to what is given: were that not sound, one mistake would show up in each of them.
  const unsound = attempt(() => rejectionProblem(judged({}, 'create'), []))
  if (unsound !== null) return { given: unsound, results: [], uncovered: [] }
  const coverage: Coverage = { approved: new Set(), refused: new Set() }
  const approving = approve.flatMap((test, index) =>
    runCase(['approve', index], test, (operation) => {
      const verdict = judged(test, operation)
      for (const id of [...verdict.held, ...brokenRules(verdict)]) coverage.approved.add(id)
      return rejectionProblem(verdict, []) ?? expectationProblem(verdict, test.expect)
    }),
  )
  const refusing = reject.flatMap((test, index) =>
    runCase(['reject', index], test, (operation) => {
      for (const id of test.rules) coverage.refused.add(id)
      const verdict = judged(test, operation)
      return rejectionProblem(verdict, test.rules) ?? answerProblem(policy, verdict, test.answer)
    }),
  )
  return { given: null, results: [...approving, ...refusing], uncovered: uncoveredRules(policy, coverage) }
}

function runCase(
  path: CasePath,
  { name, on = ['create'] }: CasesFile['approve'][number] | CasesFile['reject'][number],
  findProblem: (operation: Operation) => string | null,
): readonly CaseResult[] {
  return on.map((operation) => ({ path, name, operation, problem: attempt(() => findProblem(operation)) }))
}

function attempt(find: () => string | null): string | null {
  try {
    return find()
  } catch (failure) {
    return `the case itself is wrong: ${failure instanceof Error ? failure.message : String(failure)}`
  }
}

function rejectionProblem(verdict: Verdict, wanted: readonly string[]): string | null {
  const findings = [...verdict.findings, ...verdict.reported]
  const found = [...new Set(brokenRules(verdict))].sort()
  if (found.join() === [...wanted].sort().join()) return null
  const details = findings.map(
    ({ rule, reason, found: value, detail }) =>
      `${rule ?? reason}${value === undefined ? '' : ` found ${value}`}${detail === undefined ? '' : ` (${detail})`}`,
  )
  return `wanted ${wanted.length === 0 ? 'approval' : [...wanted].sort().join(', ')}; found ${details.length === 0 ? 'approval' : details.join('; ')}`
}

/** A rule whose error is changed by accident tells every registrant something else: the case says what the answer is. */
function answerProblem(
  { reasons }: CompiledPolicy,
  { findings: [first, ...others] }: Verdict,
  wanted: string | undefined,
): string | null {
  const decisive = first === undefined ? undefined : new Refusal([first, ...others]).wordedAs(reasons).findings[0]
  const { status, error } = decisive === undefined ? { status: 0, error: '' } : answerOf(decisive)
  const found = decisive === undefined ? undefined : `${status} ${error}`
  if (found === wanted) return null
  if (wanted === undefined) return `the case must say what the answer is, answer: ${found ?? ''}`
  return `wanted the answer ${wanted}, found ${found ?? 'rules that are reported and refuse nobody'}`
}

function brokenRules({ findings, reported }: Verdict): readonly string[] {
  return [...findings, ...reported].map(({ rule, reason }) => rule ?? reason)
}

function expectationProblem(verdict: Verdict, expect: CasesFile['approve'][number]['expect']): string | null {
  const metadata = findDifference('metadata', expect?.metadata ?? {}, verdict.metadata ?? {})
  return metadata ?? findDifference('headers', expect?.headers ?? {}, verdict.headers)
}

/** Members the expectation names must be equal; `null` says that a member must be absent; others are not looked at. */
function findDifference(
  at: string,
  wanted: Readonly<Record<string, Json>>,
  found: Readonly<Record<string, Json>>,
): string | null {
  for (const [name, value] of Object.entries(wanted)) {
    const actual = found[name] ?? null
    if (canonical(actual) !== canonical(value))
      return `${at}.${name}: wanted ${JSON.stringify(value)}, found ${JSON.stringify(actual)}`
  }
  return null
}

function canonical(value: Json): string {
  return JSON.stringify(value, (_, inner: Json) =>
    isJsonObject(inner) ? Object.fromEntries(Object.entries(inner).sort()) : inner,
  )
}

function uncoveredRules(policy: CompiledPolicy, { approved, refused }: Coverage): CasesReport['uncovered'] {
  const all = policy.scopes === null ? policy.rules : [...policy.rules, policy.scopes]
  return all
    .filter((rule) => rule.declaredBy === policy.name)
    .flatMap(({ id }) => [
      ...(approved.has(id) ? [] : [{ rule: id, missing: 'an approving case' as const }]),
      ...(refused.has(id) ? [] : [{ rule: id, missing: 'a refusing case' as const }]),
    ])
}
