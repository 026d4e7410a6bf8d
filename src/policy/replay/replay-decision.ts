import { bindParameters } from '../bind-parameters.ts'
import type { CompiledPolicy } from '../compiled-policy.ts'
import { judge } from '../judge/judge.ts'
import type { Finding } from '../../model/refusal.ts'
import { findUnknown } from './find-unknown.ts'
import type { RecordedDecision } from './read-facts.ts'

/** How a past decision would come out now. */
export interface ReplayedDecision {
  readonly recorded: RecordedDecision
  readonly outcome: 'same' | 'now refused' | 'now approved' | 'other rules'
  /** Findings of the new policy, reported ones included. */
  readonly findings: readonly Finding[]
  /** Rules that were broken then and are not now. */
  readonly mended: readonly string[]
  /** What the new policy may ask for and was not written down, or was not looked up then: what it says of that cannot be told. */
  readonly unknown: readonly string[]
  /** Parameters of then that the new policy does not take; its defaults were used. */
  readonly droppedParameters: readonly string[]
}

/** Decides a recorded decision again by another policy, or another edition, at the time it was made. */
export function replayDecision(policy: CompiledPolicy, recorded: RecordedDecision): ReplayedDecision {
  const { facts, receivedAt, omitted } = recorded
  const { values, problems } = bindParameters(policy, facts.parameters)
  const presented = { ...facts, parameters: values, now: receivedAt }
  const verdict = judge(policy, presented)
  const broken = (findings: readonly Finding[]): readonly string[] => findings.map(({ rule, reason }) => rule ?? reason)
  const findings = [...verdict.findings, ...verdict.reported]
  const now = new Set(broken(findings))
  const mended = [...new Set(recorded.broken)].filter((rule) => !now.has(rule))
  const approves = verdict.findings.length === 0
  return {
    recorded,
    outcome: outcomeOf(recorded, approves, mended, [...now]),
    findings,
    mended,
    unknown: findUnknown(policy, presented, omitted),
    droppedParameters: problems.map(({ parameter }) => parameter),
  }
}

function outcomeOf(
  { approved, broken }: RecordedDecision,
  approves: boolean,
  mended: readonly string[],
  now: readonly string[],
): ReplayedDecision['outcome'] {
  if (approved !== approves) return approves ? 'now approved' : 'now refused'
  return mended.length === 0 && now.every((rule) => broken.includes(rule)) ? 'same' : 'other rules'
}
