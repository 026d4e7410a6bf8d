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

/**
 * Whether the identity server did what it was asked to. `unknown` is the silence after a request, and whatever else tells neither: its own
 * failures, those of a proxy before it, and redirections may come after it has acted.
 */
export function fateOf(reply: UpstreamReply): 'acted' | 'idle' | 'unknown' {
  if (reply.kind === 'silence') return reply.sent ? 'unknown' : 'idle'
  if (reply.status >= 200 && reply.status < 300) return 'acted'
  const isRefusal = (reply.status >= 400 && reply.status < 500) || [501, 503, 505].includes(reply.status)
  return isRefusal ? 'idle' : 'unknown'
}

/** What the registrant gets. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: JsonObject | null
  /** Told when the registrant went away before all of it was written. */
  readonly onLost?: () => void
}

/** How the answer to an approved request departs from what the identity server says; settled from verified facts before it is asked. */
export interface AnswerPlan {
  /** Null for the status that RFC 7591 or RFC 7592 names. */
  readonly status: number | null
  readonly headers: Readonly<Record<string, string>>
  /** Members of the identity server's answer that stay inside. */
  readonly removes: readonly string[]
  /** Members given whatever the identity server says. */
  readonly sets: JsonObject
  /** Members given where there are none of that name. */
  readonly fills: JsonObject
  readonly echoesStatement: boolean
  /** Of the answer to a deletion; null for none. */
  readonly deletionBody: JsonObject | null
}
