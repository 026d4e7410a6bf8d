import type { RevocationQuestion } from './revocation-functions.ts'
import type { RevocationStatus, RevokedStatus } from '../revocation-status.ts'

/** An answer past its end, or about to be, with a moment when it was current. */
export interface PastAnswer<Answer> {
  readonly answer: Answer
  readonly currentAt: Date
  readonly expiresAt: Date
}

type Check<Answer> = (question: RevocationQuestion, answers: readonly Answer[], asAt: Date) => RevocationStatus

/**
 * What answers said while they were current. "Good" holds for as long as the policy says; "revoked" for good, or whoever keeps us from
 * newer answers could have a revoked certificate become unknown, and be accepted where unknown ones are. Only a certificate on hold may
 * come back (RFC 5280 section 5.3.1). Null when nothing holds any more.
 */
export function lastGoodStatus<Answer>(
  question: RevocationQuestion,
  answers: readonly PastAnswer<Answer>[],
  now: Date,
  check: Check<Answer>,
): RevocationStatus | null {
  const statuses = answers.flatMap(({ answer, currentAt, expiresAt }) => {
    const status = check(question, [answer], currentAt < now ? currentAt : now)
    const holds = now.getTime() <= expiresAt.getTime() + question.lastGoodHoldsMs
    return holds || isFinalRevocation(status) ? [status] : []
  })
  return statuses.find(({ kind }) => kind === 'revoked') ?? statuses.find(({ kind }) => kind === 'good') ?? null
}

export function isFinalRevocation(status: RevocationStatus): status is RevokedStatus {
  return status.kind === 'revoked' && status.reason !== 'certificateHold'
}
