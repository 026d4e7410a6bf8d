import type { RegistrationRecord } from './registration-record.ts'

/** What a registration has to do about what is remembered of its client, with the lease in hand. */
export type NextStep =
  /** Nothing stands in the way. */
  | 'begin'
  /** The client has what it needs, or somebody else has it. */
  | 'refuse'
  /** The registrant never got the answer to this very request: he gets it now. */
  | 'answer-again'
  /** A client that nobody can use, or wants, must be removed first. */
  | 'remove'
  /** Whether there is such a client must be found out first. */
  | 'search'

/** What becomes of a registration whose answer may not have arrived: the same answer again, or a new client for the old. */
export type Recovery = 'replay' | 'rollback'

export interface StepSetting {
  readonly recovery: Recovery
  readonly single: boolean
}

/**
 * The decision table of a second attempt. `reserved`, `sent` and `deleting` mean that whoever wrote it no longer holds the lease: he died,
 * or never learned how it ended.
 */
export function nextStep(
  found: RegistrationRecord,
  attempt: RegistrationRecord,
  nowMs: number,
  { recovery, single }: StepSetting,
): NextStep {
  switch (found.state) {
    case 'reserved':
      return 'begin'
    case 'sent':
    case 'unknown':
      return 'search'
    case 'deleting':
      return 'remove'
    case 'undelivered':
      // Another's client is removed by its own registrant, or the sweeper.
      if (found.owner !== attempt.owner) return single ? 'refuse' : 'begin'
      return recovery === 'replay' && isSecondAttempt(found, attempt, nowMs) ? 'answer-again' : 'remove'
    case 'granted':
      if (isSecondAttempt(found, attempt, nowMs)) return recovery === 'replay' ? 'answer-again' : 'remove'
      return single ? 'refuse' : 'begin'
    case 'settled':
      return single ? 'refuse' : 'begin'
  }
}

/**
 * By the same owner: credentials go to nobody but him. Where there is no certificate there is no owner, and a statement alone proves
 * nothing here: all copies of an app register with the same one.
 */
function isSecondAttempt(found: RegistrationRecord, attempt: RegistrationRecord, nowMs: number): boolean {
  const { owner, request, kept, keptUntilMs } = found
  if (owner === null || kept === null || keptUntilMs === null) return false
  return owner === attempt.owner && request === attempt.request && nowMs < keptUntilMs
}
