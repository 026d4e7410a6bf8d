import { mayHaveActed, type UpstreamReply } from '../model/answer.ts'
import type { ApprovedRegistration, ReservedRegistration } from '../model/decision.ts'
import { demandProof, prove } from '../model/proof.ts'
import { refuse } from '../model/refusal.ts'
import { placesOf, type Place } from './places.ts'
import { RegistryUnavailable } from './registry-unavailable.ts'
import type { Registry } from './registry.ts'

/**
 * What could not be given back, or used up, as it should: its lifetime had ended before (somebody may have registered beside us), or the
 * store is away.
 */
export type ReservationLoss = { readonly of: string } & (
  { readonly kind: 'expired' } | { readonly kind: 'unavailable'; readonly detail: string }
)

export interface ReservationOptions {
  readonly registry: Registry
  /** Name of the endpoint: the same software may register at two endpoints at the same time. */
  readonly scope: string
  /** Longer than the identity server may take to answer, or a second registration starts beside the first. */
  readonly reservationTtlMs: number
  /** An unguessable token, another one at each call. */
  readonly newOwner: () => string
  readonly onLost: (loss: ReservationLoss) => void
}

export interface Reservations {
  /** @throws Refusal `registration-in-progress`, `used-before`, `state-unavailable` */
  readonly reserve: (approved: ApprovedRegistration) => Promise<ReservedRegistration>
  readonly commit: (reserved: ReservedRegistration, reply: UpstreamReply) => Promise<void>
}

/**
 * The stages `reserve` and `commit` of one endpoint: of all registrations of one software, one at a time reaches the identity server, and
 * what may happen only once is used up by the one request that is granted, or that the identity server got and left unanswered.
 */
export function createReservations(options: ReservationOptions): Reservations {
  return {
    reserve: (approved) => reserve(options, approved),
    commit: (reserved, reply) => commit(options, reserved, reply),
  }
}

/**
 * Claims one place after the other, in the order that all have in common, and none after one that is taken: two requests that claim past
 * each other's places would both be refused.
 */
async function reserve(options: ReservationOptions, approved: ApprovedRegistration): Promise<ReservedRegistration> {
  demandProof('approved', approved)
  const places = placesOf(options.scope, approved)
  if (places.length === 0) return prove('reserved', { approved, owner: null })
  const owner = options.newOwner()
  const claimed: Place[] = []
  try {
    for (const place of places) {
      if (!(await claim(options, place, owner))) throw refuse(place.taken)
      claimed.push(place)
    }
    return prove('reserved', { approved, owner })
  } catch (failure) {
    // Refused, the very request may be sent again: a retry must never find used up what its first attempt claimed.
    await Promise.all(claimed.map(({ key }) => giveBack(options, key, owner)))
    throw failure
  }
}

async function claim(
  { registry, reservationTtlMs }: ReservationOptions,
  { key }: Place,
  owner: string,
): Promise<boolean> {
  try {
    return (await registry.claim(key, owner, reservationTtlMs)).claimed
  } catch (failure) {
    if (!(failure instanceof RegistryUnavailable)) throw failure
    // The store may have made the claim and only its reply came too late: then the registrant's next attempt would find itself locked
    // out by this one. Nobody waits for this; where the store is really away, the lifetime frees the key.
    registry.release(key, owner).catch(() => undefined)
    throw refuse(
      {
        reason: 'state-unavailable',
        at: 'registration',
        message: 'whether another registration of this software is under way cannot be checked at the moment',
        detail: failure.detail,
      },
      failure,
    )
  }
}

/** Where the store is away, the lifetime of the claim ends it. */
async function giveBack({ registry }: ReservationOptions, key: string, owner: string): Promise<void> {
  try {
    await registry.release(key, owner)
  } catch (failure) {
    if (!(failure instanceof RegistryUnavailable)) throw failure
  }
}

async function commit(
  options: ReservationOptions,
  { approved, owner }: ReservedRegistration,
  reply: UpstreamReply,
): Promise<void> {
  if (owner === null) return
  const isUsed = mayHaveActed(reply)
  // What is used up first, the reservation last: nobody else may come in between with the same.
  for (const place of placesOf(options.scope, approved).toReversed()) {
    // Whether the identity server acted is unknown: a second registration now could make a second client. The lifetime ends the doubt
    // for the software; what may happen only once may have happened, and a registrant who hangs up must not get it back.
    if (place.holdsMs === null && isUsed && reply.kind === 'silence') continue
    await settle(options, place, owner, isUsed)
  }
}

async function settle(
  { registry, onLost }: ReservationOptions,
  place: Place,
  owner: string,
  isUsed: boolean,
): Promise<void> {
  const { key, name, holdsMs } = place
  try {
    const held =
      isUsed && holdsMs !== null ? await burn(registry, key, owner, holdsMs) : await registry.release(key, owner)
    if (!held) onLost({ of: name, kind: 'expired' })
  } catch (failure) {
    if (!(failure instanceof RegistryUnavailable)) throw failure
    // The client may exist by now: refusing here would withhold its credentials from the registrant. The lifetime frees the key anyway.
    onLost({ of: name, kind: 'unavailable', detail: failure.detail })
  }
}

/** False when the claim had ended; where nobody took it since then, it is used up all the same. */
async function burn(registry: Registry, key: string, owner: string, holdsMs: number): Promise<boolean> {
  if (await registry.confirm(key, owner, 'used', holdsMs)) return true
  await registry.claim(key, owner, holdsMs)
  return false
}
