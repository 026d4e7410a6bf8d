import type { ApprovedRegistration } from '../model/decision.ts'
import type { RegistrationOptions } from './registration-options.ts'
import { readRecord, writeRecord, type RegistrationRecord } from './registration-record.ts'
import { RegistryUnavailable } from './registry-unavailable.ts'

/**
 * Whoever manages a client with the token that it was given has got the answer with it: nobody needs that a second time, and nobody may take
 * the client for one that never arrived. Written down before the identity server is asked, since it may give the client another token now;
 * by the one that was kept, a live client would be taken for a dead one and the software get a second. What cannot be written down stays.
 */
export async function noteInUse(options: RegistrationOptions, { evidence }: ApprovedRegistration): Promise<void> {
  const { managed } = evidence
  const name = managed?.record ?? null
  if (managed === null || name === null) return
  try {
    const found = await options.registry.read(name)
    if (waiting(found, managed.clientId) !== null) await settle(options, name, managed.clientId)
  } catch (failure) {
    if (!(failure instanceof RegistryUnavailable)) throw failure
  }
}

async function settle(
  { registry, reservationTtlMs, newHolder, clock, keepsAnswers }: RegistrationOptions,
  name: string,
  clientId: string,
): Promise<void> {
  const holder = newHolder()
  const taken = await registry.take(name, holder, reservationTtlMs, null)
  if (!taken.taken) return
  const found = waiting(taken.record, clientId)
  if (found === null) {
    await registry.leave(name, holder)
    return
  }
  const nowMs = clock.now().getTime()
  // The sweeper goes on from here: attempts before this one may have left something behind.
  const kept = keepsAnswers ? found.kept : null
  const inUse: RegistrationRecord = { ...found, state: 'granted', kept, keptUntilMs: null, dueMs: nowMs }
  await registry.write(name, holder, { value: writeRecord(inUse), dueMs: nowMs }, null)
}

/** The record where a second attempt would still get the answer, or lose its registrant the client; null otherwise. */
function waiting(text: string | null, clientId: string): RegistrationRecord | null {
  const record = text === null ? null : readRecord(text)
  if (record?.clientId !== clientId) return null
  const isWaiting = record.state === 'undelivered' || (record.state === 'granted' && record.keptUntilMs !== null)
  return isWaiting ? record : null
}
