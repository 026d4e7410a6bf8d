import type { ApprovedRegistration } from '../model/decision.ts'
import { refuse } from '../model/refusal.ts'
import type { RegistrationOptions } from './registration-options.ts'
import { readRecord, writeRecord, type RegistrationRecord } from './registration-record.ts'
import { BUSY } from './delete-registration.ts'
import { RegistryUnavailable } from './registry-unavailable.ts'

/**
 * Whoever manages a client with the token that it was given has got the answer with it: nobody needs that a second time, and nobody may take
 * the client for one that never arrived. Written down before the identity server is asked, since it may give the client another token now;
 * by the one that was kept, a live client would be taken for a dead one and the software get a second. What cannot be written down stays.
 *
 * @throws Refusal `registration-in-progress` where the client may get another token now while somebody else decides about it by the kept one
 */
export async function noteInUse(options: RegistrationOptions, { evidence }: ApprovedRegistration): Promise<void> {
  const { managed, request } = evidence
  const mayRotate = request.operation === 'update' || options.rotatesOnRead
  const name = managed?.record ?? null
  if (managed === null || name === null) return
  try {
    const found = await options.registry.read(name)
    if (mayRotate && isDeleting(found, managed.clientId)) throw refuse(BUSY)
    if (!isWaiting(found, managed.clientId)) return
    const isFree = await settle(options, name, managed.clientId)
    if (mayRotate && !isFree) throw refuse(BUSY)
  } catch (failure) {
    if (!(failure instanceof RegistryUnavailable)) throw failure
  }
}

/** False where somebody else has the record. */
async function settle(
  { registry, reservationTtlMs, newHolder, clock }: RegistrationOptions,
  name: string,
  clientId: string,
): Promise<boolean> {
  const holder = newHolder()
  const taken = await registry.take(name, holder, reservationTtlMs, null)
  if (!taken.taken) return false
  const found = taken.record === null ? null : readRecord(taken.record)
  if (found === null || !isWaiting(taken.record, clientId)) {
    await registry.leave(name, holder)
    return true
  }
  const nowMs = clock.now().getTime()
  // The sweeper goes on from here: attempts before this one may have left something behind.
  const inUse: RegistrationRecord = { ...found, state: 'granted', keptUntilMs: null, dueMs: nowMs }
  return registry.write(name, holder, { value: writeRecord(inUse), dueMs: nowMs }, null)
}

function isDeleting(text: string | null, clientId: string): boolean {
  const record = text === null ? null : readRecord(text)
  return record?.clientId === clientId && record.state === 'deleting'
}

/** Whether a second attempt would still get the answer, or lose its registrant the client. */
function isWaiting(text: string | null, clientId: string): boolean {
  const record = text === null ? null : readRecord(text)
  if (record?.clientId !== clientId) return false
  return record.state === 'undelivered' || (record.state === 'granted' && record.keptUntilMs !== null)
}
