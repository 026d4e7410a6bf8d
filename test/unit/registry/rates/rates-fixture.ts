import type { ClientFacts, VerifiedClient } from '../../../../src/model/client.ts'
import { prove } from '../../../../src/model/proof.ts'
import { Refusal, type Finding } from '../../../../src/model/refusal.ts'
import {
  createRateLimits,
  type RateLimits,
  type RateLimitsOptions,
} from '../../../../src/registry/rates/rate-limits.ts'
import { advancingClock, type AdvancingClock } from '../advancing-clock.ts'

export const WINDOW_MS = 60_000

/** Without limits but those given. */
export function openRates(
  limits: Partial<RateLimitsOptions['limits']>,
  shared: RateLimitsOptions['shared'] = null,
): { readonly rates: RateLimits; readonly clock: AdvancingClock; readonly events: readonly string[] } {
  const clock = advancingClock()
  const events: string[] = []
  const rates = createRateLimits({
    ...{ limits: { perAddress: null, perCertificate: null, perOwner: null, ...limits }, clock, shared },
    onEvent: (limit, event) => void events.push(`${limit} ${event}`),
  })
  return { rates, clock, events }
}

export function perAddress(requests: number, windowMs = WINDOW_MS) {
  return { perAddress: { requests, windowMs, ipv6PrefixBits: 64 } }
}

export function clientWith(thumbprint: string, trust = 'bank'): VerifiedClient {
  return prove('client', { certificate: { thumbprint }, trust } as ClientFacts)
}

/** The finding with which a request is turned away; null where it may pass. */
export async function outcomeOf(passing: Promise<void>): Promise<Finding | null> {
  try {
    await passing
    return null
  } catch (failure) {
    if (failure instanceof Refusal) return failure.findings[0]
    throw failure
  }
}

/** Reasons one after the other, `passed` for none. */
export async function inTurn(times: number, pass: () => Promise<void>): Promise<readonly string[]> {
  const outcomes: string[] = []
  for (let time = 0; time < times; time += 1) outcomes.push((await outcomeOf(pass()))?.reason ?? 'passed')
  return outcomes
}
