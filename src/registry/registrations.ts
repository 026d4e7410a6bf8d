import type { UpstreamReply } from '../model/answer.ts'
import type { ApprovedRegistration, ReservationFacts, ReservedRegistration } from '../model/decision.ts'
import { demandProof, prove } from '../model/proof.ts'
import { commitDeletion, reserveDeletion } from './delete-registration.ts'
import { commitRegistration } from './commit-registration.ts'
import { commitManagement } from './commit-management.ts'
import { reserveManagement } from './reserve-management.ts'
import { noteUndelivered } from './note-undelivered.ts'
import type { RegistrationOptions } from './registration-options.ts'
import { reserveRegistration } from './reserve-registration.ts'
import { burnOnce, claimOnce, returnOnce } from './used-once.ts'
import { fateOf } from '../model/answer.ts'

export interface Registrations {
  /** @throws Refusal `registration-in-progress`, `client-exists`, `registration-unsettled`, `used-before`, `state-unavailable` */
  readonly reserve: (approved: ApprovedRegistration, decisionId: string) => Promise<ReservedRegistration>
  /** @throws Refusal `state-unavailable` */
  readonly commit: (reserved: ReservedRegistration, reply: UpstreamReply, bound: UpstreamReply) => Promise<void>
  /** Never throws. */
  readonly undelivered: (reserved: ReservedRegistration) => Promise<void>
}

/**
 * The stages `reserve` and `commit` of one endpoint: of all registrations of one software, one at a time reaches the identity server, it has
 * one client, and what may happen only once is used up by the one request that is granted, or whose end nobody knows. Each step is written
 * down before the next one that cannot be undone, so that a gateway, a store or an identity server that dies in between loses nothing.
 */
export function createRegistrations(options: RegistrationOptions): Registrations {
  return {
    reserve: async (approved, decisionId) => {
      demandProof('approved', approved)
      return prove('reserved', await reserve(options, approved, decisionId))
    },
    commit: (reserved, reply, bound) => commit(options, reserved, reply, bound),
    undelivered: (reserved) => noteUndelivered(options, reserved),
  }
}

async function reserve(
  options: RegistrationOptions,
  approved: ApprovedRegistration,
  decisionId: string,
): Promise<ReservationFacts> {
  const { operation } = approved.evidence.request
  if (operation === 'create') return reserveRegistration(options, approved, decisionId)
  if (operation === 'delete') return reserveDeletion(options, approved, decisionId)
  await claimOnce(options, approved, decisionId)
  try {
    return { approved, registration: decisionId, ...(await reserveManagement(options, approved)), kept: null }
  } catch (failure) {
    await returnOnce(options, approved, decisionId)
    throw failure
  }
}

async function commit(
  options: RegistrationOptions,
  reserved: ReservedRegistration,
  reply: UpstreamReply,
  bound: UpstreamReply,
): Promise<void> {
  const { approved, registration, kept } = reserved
  // Settled by the attempt that got it; what this one was asked with is used up all the same.
  if (kept !== null) return burnOnce(options, approved, registration)
  const { operation } = approved.evidence.request
  if (operation === 'create') return commitRegistration(options, reserved, reply, bound)
  const settleOnce = fateOf(reply) === 'idle' ? returnOnce : burnOnce
  await settleOnce(options, approved, registration)
  if (operation === 'delete') await commitDeletion(options, reserved, reply)
  else await commitManagement(options, reserved, reply)
}
