import type { ApprovedRegistration, ReservationFacts } from '../model/decision.ts'
import type { ManagedClient } from '../model/managed-client.ts'
import { refuse } from '../model/refusal.ts'
import { leave } from './hold-record.ts'
import { broughtIntoUse, BUSY, managedRecord } from './managed-record.ts'
import type { RegistrationOptions } from './registration-options.ts'
import { isWaiting, writeRecord, type RegistrationRecord } from './registration-record.ts'
import { RegistryUnavailable } from './registry-unavailable.ts'
import { currentToken } from './replaced-tokens.ts'

type Reserved = Pick<ReservationFacts, 'holder' | 'record' | 'remembered' | 'token'>

/** A record of a client that somebody manages, and who would hold it. */
interface Wanted {
  readonly managed: ManagedClient
  readonly name: string
  readonly holder: string
}

/**
 * Whoever manages a client with the token that it was given has got the answer with it: nobody needs that a second time, and nobody may take
 * the client for one that never arrived. Written down before the identity server is asked, since it may give the client another token now;
 * by the one that was kept, a live client would be taken for a dead one and the software get a second.
 *
 * What may give it another one holds the record meanwhile: of two at once the second would come with a dead token, and whoever decides
 * about the client by the kept one would be misled. Without the store, reading and updating go on.
 *
 * @throws Refusal `registration-in-progress` where somebody else has the record, or the client is being deleted
 */
export async function reserveManagement(
  options: RegistrationOptions,
  { evidence }: ApprovedRegistration,
): Promise<Reserved> {
  const { managed, request } = evidence
  const name = managed?.record ?? null
  const asPresented = { holder: null, record: name, remembered: null, token: managed?.token ?? null }
  if (managed === null || name === null) return asPresented
  const wanted = { managed, name, holder: options.newHolder() }
  try {
    if (request.operation === 'update' || options.rotatesOnRead) return await hold(options, wanted)
    const found = managedRecord(await options.registry.read(name), managed)
    if (found === null) return asPresented
    if (isWaiting(found)) await settle(options, wanted)
    return { ...asPresented, token: await tokenOf(options, found, managed) }
  } catch (failure) {
    if (!(failure instanceof RegistryUnavailable)) throw failure
    // The store may have given the lease and only its reply came too late: his next request would find the client held.
    options.registry.leave(name, wanted.holder).catch(() => undefined)
    return asPresented
  }
}

/** Holds the record until the identity server has answered. */
async function hold(options: RegistrationOptions, wanted: Wanted): Promise<Reserved> {
  const { registry, reservationTtlMs } = options
  const { managed, name, holder } = wanted
  const taken = await registry.take(name, holder, reservationTtlMs, null)
  if (!taken.taken) throw refuse(BUSY)
  const found = managedRecord(taken.record, managed)
  if (found === null || found.state === 'deleting') {
    await leave(options, wanted)
    if (found !== null) throw refuse(BUSY)
    return { holder: null, record: name, remembered: null, token: managed.token }
  }
  const inUse = broughtIntoUse(found, nowOf(options))
  const value = writeRecord(inUse)
  if (inUse !== found && !(await registry.write(name, holder, { value, dueMs: inUse.dueMs }, reservationTtlMs)))
    throw refuse(BUSY)
  return { holder, record: name, remembered: value, token: await tokenOf(options, found, managed) }
}

/** Whoever else has the record decides about a client whose token stays as it is. */
async function settle(options: RegistrationOptions, wanted: Wanted): Promise<void> {
  const { registry, reservationTtlMs } = options
  const { managed, name, holder } = wanted
  const taken = await registry.take(name, holder, reservationTtlMs, null)
  if (!taken.taken) return
  const found = managedRecord(taken.record, managed)
  if (found === null || !isWaiting(found)) {
    await leave(options, wanted)
    return
  }
  const inUse = broughtIntoUse(found, nowOf(options))
  await registry.write(name, holder, { value: writeRecord(inUse), dueMs: inUse.dueMs }, null)
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
