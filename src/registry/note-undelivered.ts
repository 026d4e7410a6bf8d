import type { ReservedRegistration } from '../model/decision.ts'
import type { RegistrationOptions } from './registration-options.ts'
import { readRecord, writeRecord } from './registration-record.ts'

/**
 * Writes down that the registrant went away before the whole answer to a registration was written: its client is one that nobody can use
 * until he comes again. What cannot be written down stays a client that was granted.
 */
export async function noteUndelivered(options: RegistrationOptions, reserved: ReservedRegistration): Promise<void> {
  const { record: name, registration } = reserved
  if (name === null || reserved.approved.evidence.request.operation !== 'create') return
  try {
    await note(options, name, registration)
  } catch {
    // The store is away: the client counts as granted, and the same registration gets the same answer as long as it is kept.
  }
}

async function note(options: RegistrationOptions, name: string, registration: string): Promise<void> {
  const { registry, reservationTtlMs, newHolder, recovery, clock, endpoint, onEvent } = options
  const holder = newHolder()
  const taken = await registry.take(name, holder, reservationTtlMs, null)
  if (!taken.taken) return
  const found = taken.record === null ? null : readRecord(taken.record)
  if (found?.state !== 'granted' || found.id !== registration) {
    await registry.leave(name, holder)
    return
  }
  const nowMs = clock.now().getTime()
  const dueMs = recovery === 'replay' ? found.dueMs : nowMs
  const value = writeRecord({ ...found, state: 'undelivered', sinceMs: nowMs, dueMs })
  await registry.write(name, holder, { value, dueMs }, null)
  const { clientId } = found
  onEvent({ kind: 'registration-undelivered', registration, endpoint, clientId, detail: 'the connection broke' })
}
