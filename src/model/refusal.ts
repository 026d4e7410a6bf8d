import { reasonEntry, type Reason, type ReasonOverrides } from './reasons.ts'

/** One thing that is wrong with a request. The first three texts are for the registrant, `detail` is for the operator alone. */
export interface Finding {
  readonly reason: Reason
  /** Id of the policy rule; absent for checks that are built in, which their reason names. */
  readonly rule?: string
  /** Where the regime demands it, such as `7.1 (6)`. */
  readonly clause?: string
  /** What it is about: `redirect_uris[1]`, `software_statement`, `client certificate`, `body`. */
  readonly at: string
  readonly message: string
  readonly wanted?: string
  readonly found?: string
  readonly detail?: string
  /** Where the rule demands other than the reason's row says. */
  readonly status?: number
  /** Any code: regimes define their own besides those of the table. */
  readonly error?: string
  /** Where more is known of when to come again than the reason's row says. */
  readonly retryAfterSeconds?: number
  /** The `error_description` where a regime fixes its words; ours say where and what otherwise. */
  readonly description?: string
}

/**
 * The expected way out of a stage: thrown with every finding the stage made, caught in pipeline.ts alone. The first finding gives
 * status and error of the answer. `cause` is for the operator's log only.
 */
export class Refusal extends Error {
  readonly findings: readonly [Finding, ...Finding[]]

  constructor(findings: readonly [Finding, ...Finding[]], options?: { cause?: unknown }) {
    super(findings.map((finding) => finding.rule ?? finding.reason).join(', '), options)
    this.name = 'Refusal'
    this.findings = findings
  }

  /** The same refusal as a regime words it: clause, status and error of built-in checks; what a finding says itself stays. */
  wordedAs(overrides: ReasonOverrides): Refusal {
    const [first, ...others] = this.findings.map((finding) => ({ ...overrides[finding.reason], ...finding }))
    return first === undefined ? this : new Refusal([first, ...others], { cause: this.cause })
  }
}

/** Shorthand for the usual case of one finding. */
export function refuse(finding: Finding, cause?: unknown): Refusal {
  return new Refusal([finding], cause === undefined ? undefined : { cause })
}

/** Status and error of the answer where this finding decides: what it says itself, else what its reason's row says. */
export function answerOf(finding: Finding): { readonly status: number; readonly error: string } {
  const row = reasonEntry(finding.reason)
  return { status: finding.status ?? row.status, error: finding.error ?? row.error }
}
