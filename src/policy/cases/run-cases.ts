import type { Operation } from '../../model/operation.ts'
import type { CompiledPolicy } from '../compiled-policy.ts'
import type { Verdict } from '../judge/judge.ts'
import type { CasesFile } from './cases-file-schema.ts'
import { brokenRules } from './find-problem.ts'
import { prepareCases, type CasePath, type PreparedCase } from './prepare-cases.ts'

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
  readonly uncovered: readonly { readonly rule: string; readonly missing: (typeof MISSING)[number] }[]
  /** How many cases stand behind each rule of the policy, inherited ones included. */
  readonly coverage: readonly RuleCoverage[]
}

export interface RuleCoverage {
  readonly rule: string
  /** Name of the policy whose cases must cover it. */
  readonly declaredBy: string
  readonly approving: number
  readonly refusing: number
}

const MISSING = [
  'an approving case',
  'a refusing case',
  'an approving case with its key under expect.once',
  'an approving case that names it under expect.client',
] as const

/** Rules that cases were seen to approve and to refuse; those of a failed case count as seen, since it says itself what is wrong. */
interface Coverage {
  readonly approved: Map<string, number>
  readonly refused: Map<string, number>
  /** Entries of once whose key a case expects. */
  readonly keyed: Set<string>
  /** Parts of `client` that a case expects. */
  readonly named: Set<string>
}

function count(seen: Map<string, number>, rules: Iterable<string>): void {
  for (const rule of new Set(rules)) seen.set(rule, (seen.get(rule) ?? 0) + 1)
}

/** Runs the cases of a policy. */
export function runCases(policy: CompiledPolicy, cases: CasesFile): CasesReport {
  const { given, tests } = prepareCases(policy, cases)
  // Every case is a change to what is given: were that not sound, one mistake would show up in each of them.
  const unsound = given.judge(policy).problem
  if (unsound !== null) return { given: unsound, results: [], uncovered: [], coverage: [] }
  const coverage: Coverage = { approved: new Map(), refused: new Map(), keyed: new Set(), named: new Set() }
  const results = tests.map((test) => {
    const { verdict, problem } = test.judge(policy)
    noteCoverage(coverage, cases, test, verdict)
    return { path: test.path, name: test.name, operation: test.operation, problem }
  })
  const covered = coverageOf(policy, coverage)
  return {
    ...{ given: null, results, coverage: covered },
    uncovered: [
      ...covered.filter(({ declaredBy }) => declaredBy === policy.name).flatMap(missingCases),
      ...unkeyed(policy, coverage),
      ...unnamed(policy, coverage),
    ],
  }
}

function noteCoverage(
  coverage: Coverage,
  { approve, reject }: CasesFile,
  { path: [kind, index] }: PreparedCase,
  verdict: Verdict | null,
): void {
  if (verdict === null) return
  if (kind === 'reject') {
    count(coverage.refused, reject[index]?.rules ?? [])
    return
  }
  count(coverage.approved, [...verdict.held, ...brokenRules(verdict)])
  const { once = {}, client = {} } = approve[index]?.expect ?? {}
  for (const [id, key] of Object.entries(once)) if (key !== null) coverage.keyed.add(id)
  for (const [part, name] of Object.entries(client)) if (name !== null) coverage.named.add(part)
}

function coverageOf(policy: CompiledPolicy, { approved, refused }: Coverage): readonly RuleCoverage[] {
  const all = policy.scopes === null ? policy.rules : [...policy.rules, policy.scopes]
  return all.map(({ id, declaredBy }) => ({
    ...{ rule: id, declaredBy },
    approving: approved.get(id) ?? 0,
    refusing: refused.get(id) ?? 0,
  }))
}

function missingCases({ rule, approving, refusing }: RuleCoverage): CasesReport['uncovered'] {
  return [
    ...(approving > 0 ? [] : [{ rule, missing: 'an approving case' as const }]),
    ...(refusing > 0 ? [] : [{ rule, missing: 'a refusing case' as const }]),
  ]
}

function unkeyed({ name, once }: CompiledPolicy, { keyed }: Coverage): CasesReport['uncovered'] {
  const own = once.filter(({ id, declaredBy }) => declaredBy === name && !keyed.has(id))
  return own.map(({ id }) => ({ rule: id, missing: MISSING[2] }))
}

function unnamed({ name, client: { declaredBy } }: CompiledPolicy, { named }: Coverage): CasesReport['uncovered'] {
  const own = Object.entries(declaredBy).filter(([part, policy]) => policy === name && !named.has(part))
  return own.map(([part]) => ({ rule: `client.${part}`, missing: MISSING[3] }))
}
