import type { UpstreamReply } from '../model/answer.ts'
import type { ApprovedRegistration, ReservedRegistration } from '../model/decision.ts'
import { demandProof, prove } from '../model/proof.ts'
import { refuse } from '../model/refusal.ts'
import { RegistryUnavailable } from './registry-unavailable.ts'
import type { Registry } from './registry.ts'

/** Why a reservation could not be given back: its lifetime had ended before (somebody may have registered beside us), or the store is away. */
export type ReservationLoss = { readonly kind: 'expired' } | { readonly kind: 'unavailable'; readonly detail: string }

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
  /** @throws Refusal `registration-in-progress`, `state-unavailable` */
  readonly reserve: (approved: ApprovedRegistration) => Promise<ReservedRegistration>
  readonly commit: (reserved: ReservedRegistration, reply: UpstreamReply) => Promise<void>
}

/** The stages `reserve` and `commit` of one endpoint: of all registrations of one software, one at a time reaches the identity server. */
export function createReservations(options: ReservationOptions): Reservations {
  return {
    reserve: (approved) => reserve(options, approved),
    commit: (reserved, reply) => commit(options, reserved, reply),
  }
}

async function reserve(options: ReservationOptions, approved: ApprovedRegistration): Promise<ReservedRegistration> {
  demandProof('approved', approved)
  const key = keyOf(options.scope, approved)
  if (key === null) return prove('reserved', { approved, owner: null })
  const owner = options.newOwner()
  if (!(await claim(options, key, owner))) {
    throw refuse({
      reason: 'registration-in-progress',
      at: 'registration',
      message: 'another registration of this software is under way',
      wanted: 'one registration at a time',
      detail: `reservation key ${JSON.stringify(approved.reservationKey?.slice(0, 160))} is held by another exchange`,
    })
  }
  return prove('reserved', { approved, owner })
}

async function claim({ registry, reservationTtlMs }: ReservationOptions, key: string, owner: string): Promise<boolean> {
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

async function commit(
  options: ReservationOptions,
  reserved: ReservedRegistration,
  reply: UpstreamReply,
): Promise<void> {
  const key = keyOf(options.scope, reserved.approved)
  if (key === null || reserved.owner === null) return
  // Whether the identity server acted is unknown: a second registration now could make a second client. The lifetime ends the doubt.
  if (reply.kind === 'silence' && reply.sent) return
  try {
    if (!(await options.registry.release(key, reserved.owner))) options.onLost({ kind: 'expired' })
  } catch (failure) {
    if (!(failure instanceof RegistryUnavailable)) throw failure
    // The client may exist by now: refusing here would withhold its credentials from the registrant. The lifetime frees the key anyway.
    options.onLost({ kind: 'unavailable', detail: failure.detail })
  }
}

/** Null when the exchange needs no reservation. JSON keeps scope and key apart, whatever characters they hold. */
function keyOf(scope: string, { evidence, reservationKey }: ApprovedRegistration): string | null {
  if (evidence.request.operation !== 'create' || reservationKey === null) return null
  return JSON.stringify(['reservation', scope, reservationKey])
}
