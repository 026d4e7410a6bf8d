import type { JsonObject } from './json.ts'
import type { Finding } from './refusal.ts'

/** What the identity server said, already bounded and parsed. */
export interface UpstreamAnswer {
  readonly kind: 'answer'
  readonly status: number
  /** Null when the body was empty. */
  readonly body: JsonObject | null
}

/** The identity server gave nothing that can be used. Whether it acted on the request is unknown unless it was never sent. */
export interface UpstreamSilence {
  readonly kind: 'silence'
  readonly sent: boolean
  readonly finding: Finding
}

export type UpstreamReply = UpstreamAnswer | UpstreamSilence

/** What the registrant gets. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: JsonObject | null
}
