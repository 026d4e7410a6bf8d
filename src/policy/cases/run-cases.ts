import { isJsonObject, type Json } from '../../model/json.ts'
import type { Operation } from '../../model/operation.ts'
import type { CompiledPolicy } from '../compiled-policy.ts'
import { judge, type Verdict } from '../judge.ts'
import { buildCaseFacts } from './build-case-facts.ts'
import type { CasesFile } from './cases-file-schema.ts'

export interface CaseResult {
  readonly name: string
  readonly operation: Operation
  /** Null when the case came out as it says. */
  readonly problem: string | null
}

export interface CasesReport {
  readonly results: readonly CaseResult[]
  /** Rules this policy declares that no case approves, or none rejects: as good as untested. */
  readonly uncovered: readonly { readonly rule: string; readonly missing: 'an approving case' | 'a refusing case' }[]
}

/** Runs the cases of a policy. A reject case names its rules exactly, so that it cannot pass for the wrong reason. */
export function runCases(policy: CompiledPolicy, { given, approve, reject }: CasesFile): CasesReport {
  const results: CaseResult[] = []
  const held = new Set<string>()
  const broken = new Set<string>()
  const run = (
    test: CasesFile['approve'][number] | CasesFile['reject'][number],
    findProblem: (verdict: Verdict) => string | null,
  ): void => {
    for (const operation of test.on ?? ['create' as const]) {
      results.push({
        name: test.name,
        operation,
        problem: attempt(() => findProblem(judge(policy, buildCaseFacts(policy, given, test, operation)))),
      })
    }
  }
  for (const test of approve) {
    run(test, (verdict) => {
      for (const id of verdict.held) held.add(id)
      return rejectionProblem(verdict, []) ?? expectationProblem(verdict, test.expect)
    })
  }
  for (const test of reject) {
    run(test, (verdict) => {
      const problem = rejectionProblem(verdict, test.rules)
      if (problem === null) for (const id of test.rules) broken.add(id)
      return problem
    })
  }
  return { results, uncovered: uncoveredRules(policy, held, broken) }
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
  const found = [...new Set(findings.map(({ rule, reason }) => rule ?? reason))].sort()
  if (found.join() === [...wanted].sort().join()) return null
  const details = findings.map(
    ({ rule, reason, found: value, detail }) =>
      `${rule ?? reason}${value === undefined ? '' : ` found ${value}`}${detail === undefined ? '' : ` (${detail})`}`,
  )
  return `wanted ${wanted.length === 0 ? 'approval' : [...wanted].sort().join(', ')}; found ${details.length === 0 ? 'approval' : details.join('; ')}`
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

function uncoveredRules(
  policy: CompiledPolicy,
  held: ReadonlySet<string>,
  broken: ReadonlySet<string>,
): CasesReport['uncovered'] {
  const all = policy.scopes === null ? policy.rules : [...policy.rules, policy.scopes]
  return all
    .filter((rule) => rule.declaredBy === policy.name)
    .flatMap(({ id }) => [
      ...(held.has(id) ? [] : [{ rule: id, missing: 'an approving case' as const }]),
      ...(broken.has(id) ? [] : [{ rule: id, missing: 'a refusing case' as const }]),
    ])
}
