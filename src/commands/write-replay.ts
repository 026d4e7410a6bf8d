import { escapeControls } from '../document/escape-controls.ts'
import type { Finding } from '../model/refusal.ts'
import type { CompiledPolicy } from '../policy/compiled-policy.ts'
import type { NotReplayable } from '../policy/replay/read-facts.ts'
import type { ReplayedDecision } from '../policy/replay/replay-decision.ts'

export type ReplayFormat = 'text' | 'json'
type Skipped = NotReplayable | 'of another policy'

/** Words for decisions one by one as they are replayed, and for all of them at the end. */
export class ReplayReport {
  readonly #policy: CompiledPolicy
  readonly #of: string
  readonly #format: ReplayFormat
  readonly #outcomes = new Map<ReplayedDecision['outcome'], number>()
  readonly #skipped = new Map<Skipped, number>()
  readonly #rules = new Map<string, number>()
  #uncertain = 0

  constructor(policy: CompiledPolicy, of: string, format: ReplayFormat) {
    this.#policy = policy
    this.#of = of
    this.#format = format
  }

  skip(why: Skipped): void {
    this.#skipped.set(why, (this.#skipped.get(why) ?? 0) + 1)
  }

  /** What there is to say of one decision; nothing where it comes out as it did. */
  add(replayed: ReplayedDecision): string {
    const { outcome, findings, unknown } = replayed
    this.#outcomes.set(outcome, (this.#outcomes.get(outcome) ?? 0) + 1)
    if (unknown.length > 0) this.#uncertain += 1
    if (outcome === 'now refused')
      for (const { rule, reason } of findings)
        this.#rules.set(rule ?? reason, (this.#rules.get(rule ?? reason) ?? 0) + 1)
    if (outcome === 'same') return ''
    return this.#format === 'json' ? `${JSON.stringify(asData(replayed))}\n` : asText(replayed)
  }

  finish(): string {
    const { name, version, sha256 } = this.#policy
    const total = [...this.#outcomes.values()].reduce((sum, count) => sum + count, 0)
    if (this.#format === 'json') {
      const outcomes = Object.fromEntries(this.#outcomes)
      const skipped = Object.fromEntries(this.#skipped)
      const rules = Object.fromEntries(this.#rules)
      const whole = { total, outcomes, nowRefusedBy: rules, uncertain: this.#uncertain, skipped }
      return `${JSON.stringify({ policy: { name, version, sha256 }, of: this.#of, ...whole })}\n`
    }
    const lines = [
      `${total} decisions of ${this.#of}, decided again by ${name} ${version} (${sha256.slice(0, 12)}):`,
      ...[...this.#outcomes].map(([outcome, count]) => `  ${outcome}: ${count}`),
      ...[...this.#rules].map(([rule, count]) => `  now refused by ${rule}: ${count}`),
      ...(this.#uncertain === 0 ? [] : [`  facts not recorded that the new policy looks at: ${this.#uncertain}`]),
      ...[...this.#skipped].map(([why, count]) => `  left out, ${why}: ${count}`),
    ]
    return lines.map((line) => `${escapeControls(line)}\n`).join('')
  }
}

function asText({ recorded, outcome, findings, mended, unknown, droppedParameters }: ReplayedDecision): string {
  const { decisionId, receivedAt, facts } = recorded
  const about = facts.clientId === '' ? facts.operation : `${facts.operation} of ${facts.clientId}`
  const lines = [
    `${decisionId} ${receivedAt.toISOString()} ${about}: ${outcome}`,
    ...findings.map((finding) => `  ✖ ${describe(finding)}`),
    ...mended.map((rule) => `  ✔ ${rule} no longer broken`),
    ...(unknown.length === 0 ? [] : [`  ? not recorded: ${unknown.join(', ')}`]),
    ...(droppedParameters.length === 0 ? [] : [`  ? parameters it does not take: ${droppedParameters.join(', ')}`]),
  ]
  return lines.map((line) => `${escapeControls(line)}\n`).join('')
}

function describe({ rule, reason, at, message, found }: Finding): string {
  return `${rule ?? reason}, ${at}: ${message}${found === undefined ? '' : `; found ${found}`}`
}

function asData({ recorded, outcome, findings, mended, unknown, droppedParameters }: ReplayedDecision): object {
  const { decisionId, receivedAt, facts, policy } = recorded
  return {
    ...{ decisionId, receivedAt: receivedAt.toISOString(), operation: facts.operation, clientId: facts.clientId },
    ...{ policy, outcome, mended, unknown, droppedParameters },
    findings: findings.map(({ rule, reason, at, message, wanted, found }) => ({
      rule: rule ?? reason,
      at,
      message,
      wanted,
      found,
    })),
  }
}
