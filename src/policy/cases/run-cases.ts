import { isJsonObject, type Json } from '../../model/json.ts'
import type { Operation } from '../../model/operation.ts'
import { answerOf, Refusal } from '../../model/refusal.ts'
import type { CompiledPolicy } from '../compiled-policy.ts'
import type { Verdict } from '../judge/judge.ts'
import { buildCaseFacts } from './build-case-facts.ts'
import type { CaseFacts, CasesFile } from './cases-file-schema.ts'
import { judgeCase } from './judge-case.ts'

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

const MISSING = ['an approving case', 'a refusing case', 'an approving case that expects its key'] as const

/** Rules that cases were seen to approve and to refuse; those of a failed case count as seen, since it says itself what is wrong. */
interface Coverage {
  readonly approved: Map<string, number>
  readonly refused: Map<string, number>
  /** Entries of once whose key a case expects. */
  readonly keyed: Set<string>
}

function count(seen: Map<string, number>, rules: Iterable<string>): void {
  for (const rule of new Set(rules)) seen.set(rule, (seen.get(rule) ?? 0) + 1)
}

/** Runs the cases of a policy. A reject case names its rules exactly, so that it cannot pass for the wrong reason. */
export function runCases(policy: CompiledPolicy, { given, approve, reject }: CasesFile): CasesReport {
  const judged = (change: CaseFacts, operation: Operation): Verdict =>
    judgeCase(policy, buildCaseFacts(policy, given, change, operation))
  // Every case is a change to what is given: were that not sound, one mistake would show up in each of them.
  const unsound = attempt(() => rejectionProblem(judged({}, 'create'), []))
  if (unsound !== null) return { given: unsound, results: [], uncovered: [], coverage: [] }
  const coverage: Coverage = { approved: new Map(), refused: new Map(), keyed: new Set() }
  const approving = approve.flatMap((test, index) =>
    runCase(['approve', index], test, (operation) => {
      const verdict = judged(test, operation)
      count(coverage.approved, [...verdict.held, ...brokenRules(verdict)])
      for (const [id, key] of Object.entries(test.expect?.once ?? {})) if (key !== null) coverage.keyed.add(id)
      return rejectionProblem(verdict, []) ?? expectationProblem(verdict, test.expect)
    }),
  )
  const refusing = reject.flatMap((test, index) =>
    runCase(['reject', index], test, (operation) => {
      count(coverage.refused, test.rules)
      const verdict = judged(test, operation)
      return rejectionProblem(verdict, test.rules) ?? answerProblem(policy, verdict, test.answer)
    }),
  )
  const covered = coverageOf(policy, coverage)
  return {
    ...{ given: null, results: [...approving, ...refusing], coverage: covered },
    uncovered: [
      ...covered.filter(({ declaredBy }) => declaredBy === policy.name).flatMap(missingCases),
      ...unkeyed(policy, coverage),
    ],
  }
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

function expectationProblem(
  { metadata, headers, once, answer }: Verdict,
  expect: CasesFile['approve'][number]['expect'],
): string | null {
  const { status, headers: answerHeaders = {}, members = {} } = expect?.response ?? {}
  const given = { ...answer.fills, ...answer.sets, ...answer.deletionBody }
  const keys = Object.fromEntries(once.map(({ id, key }) => [id, key]))
  return (
    findDifference('metadata', expect?.metadata ?? {}, metadata ?? {}) ??
    findDifference('headers', expect?.headers ?? {}, headers) ??
    findDifference('once', expect?.once ?? {}, keys) ??
    findDifference('response', status === undefined ? {} : { status }, { status: answer.status }) ??
    findDifference('response.headers', answerHeaders, answer.headers) ??
    findDifference('response.members', members, given)
  )
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
