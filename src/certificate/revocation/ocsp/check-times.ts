import type { SingleResponse } from './parsed-ocsp-response.ts'

export interface FreshnessRules {
  /** How far the clocks of responder and gateway may differ. */
  readonly clockSkewSeconds: number
  /** How long an answer holds that names no end. */
  readonly maxAgeSeconds: number
  readonly now: Date
}

/** Against the replay of an answer from before the revocation (RFC 6960 sections 3.2 and 4.2.2.1). Null when it is fresh, else why not. */
export function checkTimes(answer: SingleResponse, producedAt: Date, rules: FreshnessRules): string | null {
  const begin = answer.thisUpdate.getTime()
  const end = answer.nextUpdate?.getTime() ?? begin + rules.maxAgeSeconds * 1000
  const skew = rules.clockSkewSeconds * 1000
  const now = rules.now.getTime()
  if (end < begin) return 'the answer ends before it begins'
  if (Math.max(begin, producedAt.getTime()) > now + skew) return 'the answer is from the future'
  // Written so that a limit that is no number lets nothing through.
  return end >= now - skew ? null : 'the answer is out of date'
}
