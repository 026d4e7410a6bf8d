import { EgressFailure, type EgressProblem } from '../egress/egress-failure.ts'
import type { EgressRules } from '../egress/egress-rules.ts'
import { fetchBounded } from '../egress/fetch-bounded.ts'
import { KeysFailure, type KeysProblem } from './keys-failure.ts'

export interface FetchLimits {
  /** For all of it: name look-up, connection, headers and body. */
  readonly timeoutMs: number
  readonly sizeLimitBytes: number
}

export interface KeysSource {
  /** The bytes of the directory's JWKS document; one call at a time. @throws KeysFailure */
  readonly fetch: () => Promise<Buffer>
  /** Lets a running fetch end, and no other begin. */
  readonly close: () => Promise<void>
}

/** The one address of a directory, asked over https alone. */
export function createKeysSource(uri: string, ca: string | null, limits: FetchLimits): KeysSource {
  let running: Promise<unknown> = Promise.resolve()
  let closed = false
  return {
    fetch: () => {
      const fetched = closed
        ? Promise.reject(new KeysFailure('unreachable', 'no longer asked'))
        : fetchKeys(uri, ca, limits)
      running = fetched.catch(() => undefined)
      return fetched
    },
    close: async () => {
      closed = true
      await running
    },
  }
}

async function fetchKeys(uri: string, ca: string | null, limits: FetchLimits): Promise<Buffer> {
  const accept = 'application/jwk-set+json, application/json'
  try {
    return await fetchBounded({ url: uri, method: 'GET', accept }, rulesFor(ca, limits))
  } catch (failure) {
    if (failure instanceof EgressFailure) throw new KeysFailure(PROBLEMS[failure.problem], failure.detail, failure)
    throw failure
  }
}

/** The operator pinned this very address, so it may lie in the operator's own network; nobody else has a say in it. */
function rulesFor(ca: string | null, { timeoutMs, sizeLimitBytes }: FetchLimits): EgressRules {
  return {
    schemes: ['https'],
    allowedHosts: null,
    allowedPorts: null,
    allowPrivateAddresses: true,
    ca,
    timeoutMs,
    sizeLimitBytes,
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
