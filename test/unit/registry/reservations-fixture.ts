import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import type { UpstreamReply } from '../../../src/model/answer.ts'
import type { ApprovedRegistration, OnceDemand } from '../../../src/model/decision.ts'
import type { Operation } from '../../../src/model/operation.ts'
import { prove } from '../../../src/model/proof.ts'
import { Refusal } from '../../../src/model/refusal.ts'
import { MemoryRegistry } from '../../../src/registry/memory-registry.ts'
import {
  type ReservationLoss,
  type ReservationOptions,
  createReservations,
} from '../../../src/registry/reservations.ts'
import { advancingClock } from './advancing-clock.ts'

export const TTL = 60_000

/** As policy/ would have made it; only what reservations read. */
export function approval(
  clientKey: string | null,
  operation: Operation = 'create',
  once: readonly OnceDemand[] = [],
): ApprovedRegistration {
  return prove('approved', { evidence: { request: { operation }, statement: null }, clientKey, once } as never)
}

export function setUp(options: Partial<ReservationOptions> = {}) {
  const clock = advancingClock()
  const registry = options.registry ?? new MemoryRegistry({ clock, maxEntries: 1000 })
  const losses: ReservationLoss[] = []
  const settings = { registry, scope: '/register', reservationTtlMs: TTL, newOwner: randomUUID }
  const onLost = (loss: ReservationLoss): void => void losses.push(loss)
  return { ...createReservations({ ...settings, onLost, ...options }), registry, clock, losses }
}

export async function refusalOf(outcome: Promise<unknown>): Promise<Refusal> {
  const failure: unknown = await outcome.then(
    () => 'no refusal',
    (error: unknown) => error,
  )
  expect(failure).toBeInstanceOf(Refusal)
  return failure as Refusal
}

export async function reasonOf(outcome: Promise<unknown>): Promise<string> {
  return (await refusalOf(outcome)).findings[0].reason
}

export const answer = (status: number): UpstreamReply => ({ kind: 'answer', status, body: null })
export const silence = (sent: boolean): UpstreamReply => ({
  kind: 'silence',
  sent,
  finding: { reason: 'upstream-timeout', at: 'identity server', message: 'the identity server did not answer' },
})
