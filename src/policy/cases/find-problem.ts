import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import { answerOf, Refusal } from '../../model/refusal.ts'
import type { CompiledPolicy } from '../compiled-policy.ts'
import type { Verdict } from '../judge/judge.ts'
import type { CasesFile } from './cases-file-schema.ts'

export type ApproveCase = CasesFile['approve'][number]
export type RejectCase = CasesFile['reject'][number]

/** How a verdict, and the client it names, differ from what an approve case says of them; null where they do not. */
export function findApprovalProblem(
  verdict: Verdict,
  client: JsonObject,
  { expect }: Pick<ApproveCase, 'expect'>,
): string | null {
  return (
    rulesProblem(verdict, []) ??
    expectationProblem(verdict, expect) ??
    findDifference('client', expect?.client ?? {}, client)
  )
}

/** The same for a reject case. It names its rules exactly, so that it cannot pass for the wrong reason. */
export function findRejectionProblem(
  policy: CompiledPolicy,
  verdict: Verdict,
  { rules, answer }: RejectCase,
): string | null {
  return rulesProblem(verdict, rules) ?? answerProblem(policy, verdict, answer)
}

function rulesProblem(verdict: Verdict, wanted: readonly string[]): string | null {
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

/** Ids of the rules that a verdict reports, or the reasons of checks that are built in. */
export function brokenRules({ findings, reported }: Verdict): readonly string[] {
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
  wanted: Readonly<Record<string, Json | undefined>>,
  found: Readonly<Record<string, Json>>,
): string | null {
  for (const [name, value] of Object.entries(wanted)) {
    if (value === undefined) continue
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
