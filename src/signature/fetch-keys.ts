import { EgressFailure, type EgressProblem } from '../egress/egress-failure.ts'
import type { EgressRules } from '../egress/egress-rules.ts'
import { fetchBounded } from '../egress/fetch-bounded.ts'
import { KeysFailure, type KeysProblem } from './keys-failure.ts'

export interface FetchLimits {
  /** For all of it: name look-up, connection, headers and body. */
  readonly timeoutMs: number
  readonly sizeLimitBytes: number
}

/** From where keys may come. */
export type KeysReach = Pick<EgressRules, 'allowedHosts' | 'allowedPorts' | 'allowPrivateAddresses' | 'ca'>

export interface KeysSource {
  /** The bytes of a JWKS document; one call at a time. @throws KeysFailure */
  readonly fetch: () => Promise<Buffer>
  /** Lets a running fetch end, and no other begin. */
  readonly close: () => Promise<void>
}

/** One address, asked over https alone. */
export function createKeysSource(uri: string, reach: KeysReach, limits: FetchLimits): KeysSource {
  let running: Promise<unknown> = Promise.resolve()
  let closed = false
  return {
    fetch: () => {
      const fetched = closed
        ? Promise.reject(new KeysFailure('unreachable', 'no longer asked'))
        : fetchKeys(uri, reach, limits)
      running = fetched.catch(() => undefined)
      return fetched
    },
    close: async () => {
      closed = true
      await running
    },
  }
}

async function fetchKeys(uri: string, reach: KeysReach, { timeoutMs, sizeLimitBytes }: FetchLimits): Promise<Buffer> {
  const accept = 'application/jwk-set+json, application/json'
  try {
    const rules = { ...reach, schemes: ['https'] as const, timeoutMs, sizeLimitBytes }
    return await fetchBounded({ url: uri, method: 'GET', accept }, rules)
  } catch (failure) {
    if (failure instanceof EgressFailure) throw new KeysFailure(PROBLEMS[failure.problem], failure.detail, failure)
    throw failure
  }
}

const PROBLEMS: Readonly<Record<EgressProblem, KeysProblem>> = {
  'address-forbidden': 'unreachable',
  'host-not-allowed': 'unreachable',
  scheme: 'unreachable',
  status: 'status',
  timeout: 'timeout',
  'too-large': 'too-large',
  unreachable: 'unreachable',
}
