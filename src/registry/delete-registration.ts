import { fateOf, type UpstreamReply } from '../model/answer.ts'
import type { ApprovedRegistration, ReservationFacts, ReservedRegistration } from '../model/decision.ts'
import { placeOfLocation } from '../model/client-place.ts'
import { refuse } from '../model/refusal.ts'
import type { Secret } from '../model/secret.ts'
import { claimOnce, returnOnce } from './used-once.ts'
import { sealKept } from './kept-client.ts'
import { broughtIntoUse, BUSY, managedRecord } from './managed-record.ts'
import type { RegistrationOptions } from './registration-options.ts'
import { doubtsOf, readRecord, writeRecord } from './registration-record.ts'
import { currentToken } from './replaced-tokens.ts'
import { RegistryUnavailable } from './registry-unavailable.ts'
import { stateUnavailable } from './state-unavailable.ts'

/**
 * Writes down that a client is being deleted, and how to delete it again: should its end stay unknown, its software would be locked out by
 * a client that may be gone, or have two.
 *
 * @throws Refusal `registration-in-progress`, `used-before`, `state-unavailable`
 */
export async function reserveDeletion(
  options: RegistrationOptions,
  approved: ApprovedRegistration,
  decisionId: string,
): Promise<ReservationFacts> {
  const name = approved.evidence.managed?.record ?? null
  const facts = { approved, registration: decisionId, record: name, kept: null }
  // Written down last: what is refused here must not be deleted by the sweeper.
  await claimOnce(options, approved, decisionId)
  try {
    const held = name === null ? null : await takeClient(options, approved, name)
    const token = held === null ? (approved.evidence.managed?.token ?? null) : held.token
    return { ...facts, holder: held?.holder ?? null, remembered: held?.remembered ?? null, token }
  } catch (failure) {
    await returnOnce(options, approved, decisionId)
    throw failure
  }
}

interface HeldClient {
  readonly holder: string
  readonly remembered: string
  /** By which it is deleted. */
  readonly token: Secret | null
}

/** Null where nothing is remembered of this client: it was there before the registry was, or another one has its place. */
async function takeClient(
  options: RegistrationOptions,
  { evidence }: ApprovedRegistration,
  name: string,
): Promise<HeldClient | null> {
  const { registry, reservationTtlMs, recoveryMs, newHolder, whenUnavailable } = options
  const holder = newHolder()
  try {
    const taken = await registry.take(name, holder, reservationTtlMs, null)
    if (!taken.taken) throw refuse(BUSY)
    const { managed, request } = evidence
    const found = managed === null ? null : managedRecord(taken.record, managed)
    if (managed === null || found === null) {
      await registry.leave(name, holder)
      return null
    }
    const nowMs = options.clock.now().getTime()
    const token = await currentToken(options.ring, found, managed, nowMs)
    const place = managed.place ?? (request.location === null ? null : placeOfLocation(request.location))
    const kept = await sealKept(options.ring, found, { answer: null, place, token })
    // A second deletion may come with the same token as the first, for as long as nobody knows how that one ended.
    const replaced = found.replaced === null ? null : { ...found.replaced, untilMs: nowMs + recoveryMs }
    const stands = { state: 'deleting', sinceMs: nowMs, dueMs: nowMs + reservationTtlMs } as const
    const deleting = { ...found, ...stands, kept, replaced }
    const entry = { value: writeRecord(deleting), dueMs: deleting.dueMs }
    if (!(await registry.write(name, holder, entry, reservationTtlMs))) throw refuse(BUSY)
    return { holder, remembered: writeRecord(broughtIntoUse(found, nowMs)), token }
  } catch (failure) {
    if (!(failure instanceof RegistryUnavailable)) throw failure
    registry.leave(name, holder).catch(() => undefined)
    if (whenUnavailable.registrations === 'allow') return null
    throw stateUnavailable('that this client is deleted cannot be written down at the moment', failure)
  }
}

/**
 * Settles the record of a deletion; where its end is unknown the sweeper deletes again. What earlier attempts of the same software may have
 * left behind outlives the client.
 */
export async function commitDeletion(
  options: RegistrationOptions,
  { record: name, holder, remembered }: ReservedRegistration,
  reply: UpstreamReply,
): Promise<void> {
  if (name === null || holder === null || remembered === null) return
  const fate = isGone(reply) ? 'acted' : fateOf(reply)
  if (fate === 'unknown') return
  if (fate === 'idle') return putBack(options, name, holder, remembered)
  const found = readRecord(remembered)
  if (found === null || found.doubtful.length === 0) return quietly(options.registry.forget(name, holder))
  const nowMs = options.clock.now().getTime()
  const entry = { value: writeRecord(doubtsOf(found, nowMs)), dueMs: nowMs }
  await quietly(options.registry.write(name, holder, entry, null))
}

/** Not there any more, by whatever way. 401 does not say so: it is the answer to a token that was replaced, too. */
function isGone(reply: UpstreamReply): boolean {
  return reply.kind === 'answer' && (reply.status === 404 || reply.status === 410)
}

async function putBack(
  { registry }: RegistrationOptions,
  name: string,
  holder: string,
  remembered: string,
): Promise<void> {
  const dueMs = readRecord(remembered)?.dueMs ?? null
  await quietly(registry.write(name, holder, { value: remembered, dueMs }, null))
}

/** What could not be written is found by the sweeper. */
async function quietly(writing: Promise<unknown>): Promise<void> {
  try {
    await writing
  } catch (failure) {
    if (!(failure instanceof RegistryUnavailable)) throw failure
  }
}
