import type { ApprovedRegistration, ReservationFacts } from '../model/decision.ts'
import type { ManagedClient } from '../model/managed-client.ts'
import { refuse } from '../model/refusal.ts'
import { BUSY } from './delete-registration.ts'
import type { RegistrationOptions } from './registration-options.ts'
import { readRecord, writeRecord, type RegistrationRecord } from './registration-record.ts'
import { RegistryUnavailable } from './registry-unavailable.ts'
import { currentToken } from './replaced-tokens.ts'

type Reserved = Pick<ReservationFacts, 'holder' | 'record' | 'remembered' | 'token'>

/**
 * Whoever manages a client with the token that it was given has got the answer with it: nobody needs that a second time, and nobody may take
 * the client for one that never arrived. Written down before the identity server is asked, since it may give the client another token now;
 * by the one that was kept, a live client would be taken for a dead one and the software get a second.
 *
 * Where every use of a token replaces it, one request at a time holds the record: of two at once the second would come with a dead token.
 * Without the store, reading and updating go on.
 *
 * @throws Refusal `registration-in-progress` where the client may get another token now while somebody else decides about it by the kept one
 */
export async function reserveManagement(
  options: RegistrationOptions,
  { evidence }: ApprovedRegistration,
): Promise<Reserved> {
  const { managed, request } = evidence
  const name = managed?.record ?? null
  const asPresented = { holder: null, record: name, remembered: null, token: managed?.token ?? null }
  if (managed === null || name === null) return asPresented
  try {
    if (options.rotatesOnRead) return await hold(options, managed, name)
    const found = await readOwn(options, managed, name)
    if (found === null) return asPresented
    const isFree = !isWaiting(found) || (await settle(options, managed, name))
    if (request.operation === 'update' && (!isFree || found.state === 'deleting')) throw refuse(BUSY)
    return { ...asPresented, token: await tokenOf(options, found, managed) }
  } catch (failure) {
    if (!(failure instanceof RegistryUnavailable)) throw failure
    return asPresented
  }
}

/** Holds the record until the identity server has answered. */
async function hold(options: RegistrationOptions, managed: ManagedClient, name: string): Promise<Reserved> {
  const { registry, reservationTtlMs, newHolder } = options
  const holder = newHolder()
  const taken = await registry.take(name, holder, reservationTtlMs, null)
  const found = taken.taken ? ownRecord(taken.record, managed) : null
  if (!taken.taken || found?.state === 'deleting') {
    await registry.leave(name, holder)
    throw refuse(BUSY)
  }
  if (found === null) {
    await registry.leave(name, holder)
    return { holder: null, record: name, remembered: null, token: managed.token }
  }
  const inUse = isWaiting(found) ? { ...found, ...IN_USE, dueMs: nowOf(options) } : found
  const value = writeRecord(inUse)
  if (inUse !== found && !(await registry.write(name, holder, { value, dueMs: inUse.dueMs }, reservationTtlMs)))
    throw refuse(BUSY)
  return { holder, record: name, remembered: value, token: await tokenOf(options, found, managed) }
}

/** False where somebody else has the record. */
async function settle(options: RegistrationOptions, managed: ManagedClient, name: string): Promise<boolean> {
  const { registry, reservationTtlMs, newHolder } = options
  const holder = newHolder()
  const taken = await registry.take(name, holder, reservationTtlMs, null)
  if (!taken.taken) return false
  const found = ownRecord(taken.record, managed)
  if (found === null || !isWaiting(found)) {
    await registry.leave(name, holder)
    return true
  }
  // The sweeper goes on from here: attempts before this one may have left something behind.
  const inUse: RegistrationRecord = { ...found, ...IN_USE, dueMs: nowOf(options) }
  return registry.write(name, holder, { value: writeRecord(inUse), dueMs: inUse.dueMs }, null)
}

const IN_USE = { state: 'granted', keptUntilMs: null } as const

/** Whether a second attempt would still get the answer, or lose its registrant the client. */
function isWaiting({ state, keptUntilMs }: RegistrationRecord): boolean {
  return state === 'undelivered' || (state === 'granted' && keptUntilMs !== null)
}

async function readOwn(
  { registry }: RegistrationOptions,
  managed: ManagedClient,
  name: string,
): Promise<RegistrationRecord | null> {
  return ownRecord(await registry.read(name), managed)
}

/** Null where nothing is remembered of this client: another one may have its place by now. */
export function ownRecord(text: string | null, { clientId }: ManagedClient): RegistrationRecord | null {
  const record = text === null ? null : readRecord(text)
  return record?.clientId === clientId ? record : null
}

async function tokenOf(
  options: RegistrationOptions,
  found: RegistrationRecord,
  managed: ManagedClient,
): Promise<Reserved['token']> {
  const { ring, onEvent, endpoint } = options
  const token = await currentToken(ring, found, managed, nowOf(options))
  const detail = 'a token was presented whose successor had gone out in an answer that did not arrive'
  if (token !== managed.token)
    onEvent({ kind: 'management-token-succeeded', registration: found.id, endpoint, clientId: found.clientId, detail })
  return token
}

function nowOf({ clock }: RegistrationOptions): number {
  return clock.now().getTime()
}
