import type { ReservedRegistration } from '../model/decision.ts'
import type { RegistrationOptions } from './registration-options.ts'
import { readRecord, writeRecord, type RegistrationRecord } from './registration-record.ts'

/**
 * Writes down that the registrant went away before the whole answer to a registration was written: its client is one that nobody can use
 * until he comes again, unless another answer with its credentials went out that may have arrived. What cannot be written down stays a
 * client that was granted.
 */
export async function noteUndelivered(options: RegistrationOptions, reserved: ReservedRegistration): Promise<void> {
  const { record: name, remembered } = reserved
  const answered = remembered === null ? null : readRecord(remembered)
  if (name === null || answered === null || reserved.approved.evidence.request.operation !== 'create') return
  try {
    await note(options, name, answered)
  } catch {
    // The store is away: the client counts as granted, and the same registration gets the same answer as long as it is kept.
  }
}

async function note(options: RegistrationOptions, name: string, answered: RegistrationRecord): Promise<void> {
  const { registry, reservationTtlMs, newHolder, recovery, clock, endpoint, onEvent } = options
  const holder = newHolder()
  const taken = await registry.take(name, holder, reservationTtlMs, null)
  if (!taken.taken) return
  const found = taken.record === null ? null : readRecord(taken.record)
  // The registration may have another client by now, made by a later attempt, or its registrant uses this one: then nothing is lost.
  const isWaiting = found?.state === 'granted' && found.keptUntilMs !== null && found.attempt === answered.attempt
  if (found === null || !isWaiting) {
    await registry.leave(name, holder)
    return
  }
  const nowMs = clock.now().getTime()
  const given = Math.max(0, found.given - 1)
  const dueMs = recovery === 'replay' || given > 0 ? found.dueMs : nowMs
  const lost: RegistrationRecord =
    given > 0 ? { ...found, given } : { ...found, given, state: 'undelivered', sinceMs: nowMs, dueMs }
  await registry.write(name, holder, { value: writeRecord(lost), dueMs }, null)
  const { clientId, id: registration } = found
  onEvent({ kind: 'registration-undelivered', registration, endpoint, clientId, detail: 'the connection broke' })
}
