import type { ApprovedRegistration, OnceDemand } from '../model/decision.ts'
import { refuse, type Finding } from '../model/refusal.ts'
import { digest, digestOf } from '../sealing/digest.ts'
import { stateUnavailable } from './state-unavailable.ts'
import type { RegistrationRecord } from './registration-record.ts'
import type { Registry } from './registry.ts'
import type { RegistrationOptions } from './registration-options.ts'
import { RegistryUnavailable } from './registry-unavailable.ts'

type Options = Pick<RegistrationOptions, 'registry' | 'reservationTtlMs' | 'whenUnavailable' | 'onEvent' | 'endpoint'>

/**
 * Claims what may happen only once, one after the other in the policy's order, and none after one that is taken: two requests that claim
 * past each other's keys would both be refused. The registration is the owner of a claim and not the attempt, so that a second attempt
 * finds what its first one claimed. What a second attempt finds may be used up by the first one: nothing of it is given back, and what it
 * claimed itself ends by its lifetime.
 *
 * @throws Refusal `used-before`, `state-unavailable`; then a first attempt has nothing claimed
 */
export async function claimOnce(
  options: Options,
  { once }: ApprovedRegistration,
  registration: string,
  attempt: 'first' | 'second' = 'first',
): Promise<void> {
  const claimed: OnceDemand[] = []
  try {
    for (const demand of once) {
      if (!(await claim(options, demand, registration, attempt))) throw refuse(taken(demand))
      claimed.push(demand)
    }
  } catch (failure) {
    // Refused, the very request may be sent again: a retry must never find used up what its first attempt claimed.
    if (attempt === 'first') await Promise.all(claimed.map((demand) => giveBack(options, demand, registration)))
    throw failure
  }
}

/** Uses up what was claimed, for the time that the policy says. */
export async function burnOnce(options: Options, { once }: ApprovedRegistration, registration: string): Promise<void> {
  await settleAll(options, once, registration, async ({ registry }, demand) => {
    const key = onceKey(demand)
    if (await registry.confirm(key, registration, 'used', demand.holdsMs)) return true
    // The claim had ended; where nobody took it since then, it is used up all the same.
    await registry.claim(key, registration, demand.holdsMs)
    return false
  })
}

/** Gives back what was claimed: nothing happened. */
export async function returnOnce(
  options: Options,
  { once }: ApprovedRegistration,
  registration: string,
): Promise<void> {
  await settleAll(options, once, registration, ({ registry }, demand) =>
    registry.release(onceKey(demand), registration),
  )
}

/**
 * The same for a registration that came to nothing long after its request: nobody was granted anything, so that the request is good again.
 *
 * @throws RegistryUnavailable
 */
export async function returnHeld(
  registry: Registry,
  { id, once }: Pick<RegistrationRecord, 'id' | 'once'>,
): Promise<void> {
  for (const key of once) await registry.release(key, id)
}

async function claim(
  options: Options,
  demand: OnceDemand,
  registration: string,
  attempt: 'first' | 'second',
): Promise<boolean> {
  const { registry, reservationTtlMs, whenUnavailable } = options
  try {
    return (await registry.claim(onceKey(demand), registration, reservationTtlMs)).claimed
  } catch (failure) {
    if (!(failure instanceof RegistryUnavailable)) throw failure
    // The store may have made the claim and only its reply came too late. Nobody waits for this; where the store is really away, the
    // lifetime frees the key.
    if (attempt === 'first') registry.release(onceKey(demand), registration).catch(() => undefined)
    if (whenUnavailable.usedOnce === 'allow') return true
    throw stateUnavailable('whether this request was used before cannot be checked at the moment', failure)
  }
}

async function giveBack({ registry }: Options, demand: OnceDemand, registration: string): Promise<void> {
  try {
    await registry.release(onceKey(demand), registration)
  } catch (failure) {
    if (!(failure instanceof RegistryUnavailable)) throw failure
  }
}

/** What cannot be settled ends by its lifetime: the client may exist by now, and refusing would withhold its credentials. */
async function settleAll(
  options: Options,
  once: readonly OnceDemand[],
  registration: string,
  settle: (options: Options, demand: OnceDemand) => Promise<boolean>,
): Promise<void> {
  for (const demand of once) {
    try {
      if (!(await settle(options, demand))) tell(options, demand, registration, 'its claim had ended before')
    } catch (failure) {
      if (!(failure instanceof RegistryUnavailable)) throw failure
      tell(options, demand, registration, failure.detail)
    }
  }
}

function tell({ onEvent, endpoint }: Options, { id }: OnceDemand, registration: string, why: string): void {
  onEvent({ kind: 'reservation-lost', registration, endpoint, clientId: null, detail: `${id}: ${why}` })
}

/**
 * For all endpoints: a request that was granted at one must not be good again at another. A directory's name keeps parties of different
 * directories apart: one must not lock another out by having its ids vouched for elsewhere.
 */
export function onceKey({ id, key, directory }: OnceDemand): string {
  return digestOf('once', id, directory, key)
}

/** As the audit trail names a `jti`: keys may tell more than a record should, and it must be possible to look for a known one. */
function taken({ finding, key }: OnceDemand): Finding {
  return { ...finding, detail: `the key with SHA-256 ${digest(key)} is taken` }
}
