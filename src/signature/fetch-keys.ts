import type { EgressRules } from '../egress/egress-rules.ts'
import { fetchBounded } from '../egress/fetch-bounded.ts'
import { FetchFailure, type FetchProblem } from '../egress/fetch-failure.ts'
import { fetchPlace, type AddressChoice } from '../egress/fetch-place.ts'
import type { HostGate } from '../egress/host-gate.ts'
import { KeysFailure, type KeysProblem } from './keys-failure.ts'

export interface FetchLimits {
  /** For all of it: name look-up, connection, headers and body. */
  readonly timeoutMs: number
  readonly sizeLimitBytes: number
}

/** From where keys may come. */
export type KeysReach = Pick<EgressRules, 'allowedHosts' | 'allowedPorts' | 'allowPrivateAddresses' | 'ca'>

/** Where fetches of keys pass, and who has a say in their addresses. */
export interface KeysPassage {
  readonly gate: HostGate
  readonly choice: AddressChoice
}

export interface KeysSource {
  /** The bytes of a JWKS document; one call at a time. @throws KeysFailure */
  readonly fetch: () => Promise<Buffer>
  /** Lets a running fetch end, and no other begin. */
  readonly close: () => Promise<void>
}

/** One address, asked over https alone. */
export function createKeysSource(
  uri: string,
  reach: KeysReach,
  limits: FetchLimits,
  { gate, choice }: KeysPassage,
): KeysSource {
  const place = fetchPlace(new URL(uri), choice, reach.ca)
  let running: Promise<unknown> = Promise.resolve()
  let closed = false
  return {
    fetch: () => {
      const fetched = closed
        ? Promise.reject(new KeysFailure('unreachable', 'no longer asked'))
        : gate.run(place, () => fetchKeys(uri, reach, limits)).catch(rethrow)
      running = fetched.catch(() => undefined)
      return fetched
    },
    close: async () => {
      closed = true
      await running
    },
  }
}

function fetchKeys(uri: string, reach: KeysReach, { timeoutMs, sizeLimitBytes }: FetchLimits): Promise<Buffer> {
  const accept = 'application/jwk-set+json, application/json'
  return fetchBounded({ url: uri, method: 'GET', accept }, { ...reach, schemes: ['https'], timeoutMs, sizeLimitBytes })
}

/** In the words of keys. @throws KeysFailure, and what is none of a fetch as it is */
function rethrow(failure: unknown): never {
  if (failure instanceof FetchFailure) throw new KeysFailure(PROBLEMS[failure.problem], failure.detail, failure)
  throw failure
}

const PROBLEMS: Readonly<Record<FetchProblem, KeysProblem>> = {
  'address-forbidden': 'unreachable',
  busy: 'busy',
  'host-not-allowed': 'unreachable',
  'host-rests': 'host-rests',
  malformed: 'malformed',
  scheme: 'unreachable',
  status: 'status',
  timeout: 'timeout',
  'too-large': 'too-large',
  unreachable: 'unreachable',
}
