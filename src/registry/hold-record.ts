import { refuse, type Refusal } from '../model/refusal.ts'
import { digest } from '../sealing/digest.ts'
import type { KeepLease } from './clear-away.ts'
import type { RegistrationOptions } from './registration-options.ts'
import { readRecord, writeRecord, type RegistrationRecord } from './registration-record.ts'
import { RegistryUnavailable } from './registry-unavailable.ts'
import { stateUnavailable } from './state-unavailable.ts'

/** A record that this attempt has for itself. */
export interface Held {
  readonly name: string
  readonly holder: string
  readonly found: RegistrationRecord
}

/** Null where the store is away and the operator would rather go on without. */
export async function takeRecord(
  options: RegistrationOptions,
  name: string,
  record: RegistrationRecord,
): Promise<Held | null> {
  const { registry, reservationTtlMs, newHolder, whenUnavailable, onEvent, endpoint } = options
  const holder = newHolder()
  try {
    const taken = await registry.take(name, holder, reservationTtlMs, writeRecord(record))
    if (!taken.taken) throw inProgress(record)
    return { name, holder, found: await readFound(options, { name, holder }, taken.record ?? writeRecord(record)) }
  } catch (failure) {
    if (!(failure instanceof RegistryUnavailable)) throw failure
    // The store may have given the lease and only its reply came too late: the registrant's next attempt would find itself locked out.
    registry.leave(name, holder).catch(() => undefined)
    if (whenUnavailable.registrations === 'refuse')
      throw stateUnavailable('whether this software has a client already cannot be checked at the moment', failure)
    const { detail } = failure
    onEvent({ kind: 'registration-unrecorded', registration: record.id, endpoint, clientId: null, detail })
    return null
  }
}

/** Something that no gateway of this edition wrote must not be guessed at, nor written over. */
async function readFound(
  options: RegistrationOptions,
  held: Omit<Held, 'found'>,
  text: string,
): Promise<RegistrationRecord> {
  const found = readRecord(text)
  if (found !== null) return found
  await leave(options, held)
  throw refuse({
    reason: 'state-unavailable',
    at: 'registration',
    message: 'what is remembered of this software cannot be read',
    detail: `the record ${held.name} is none of this edition`,
  })
}

/** For steps that take their time; see `KeepLease`. */
export function leaseOf(
  { registry, reservationTtlMs }: RegistrationOptions,
  { name, holder }: Omit<Held, 'found'>,
): KeepLease {
  return () => written(registry.renew(name, holder, reservationTtlMs))
}

/** Where the store is away, the lifetime of the lease ends it. */
export async function leave({ registry }: RegistrationOptions, { name, holder }: Omit<Held, 'found'>): Promise<void> {
  try {
    await registry.leave(name, holder)
  } catch (failure) {
    if (!(failure instanceof RegistryUnavailable)) throw failure
  }
}

/** @throws Refusal `state-unavailable` for a store that is away */
export async function written<Result>(write: Promise<Result>): Promise<Result> {
  try {
    return await write
  } catch (failure) {
    if (!(failure instanceof RegistryUnavailable)) throw failure
    throw stateUnavailable('that this software registers cannot be written down at the moment', failure)
  }
}

export function inProgress({ clientKey }: RegistrationRecord): Refusal {
  return refuse({
    reason: 'registration-in-progress',
    at: 'registration',
    message: 'another registration of this software is under way',
    wanted: 'one registration at a time',
    detail: `the client key with SHA-256 ${digest(clientKey ?? '')} is held by another exchange`,
  })
}
