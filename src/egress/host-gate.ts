import {
  bulkhead,
  BulkheadRejectedError,
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  handleWhen,
  isBrokenCircuitError,
  type BulkheadPolicy,
  type CircuitBreakerPolicy,
} from 'cockatiel'
import { BoundedEntries } from './bounded-entries.ts'
import type { EgressEvent } from './egress-event.ts'
import { FetchFailure, toFetchFailure } from './fetch-failure.ts'
import type { AddressChoice, FetchPlace } from './fetch-place.ts'

/** Fetches that may run at a time. */
interface Places {
  readonly together: number
  readonly perHost: number
}

export interface GateLimits {
  readonly places: Readonly<Record<AddressChoice, Places>>
  /** Silent fetches in a row after which a host is left alone. */
  readonly silences: number
  readonly restMs: number
  /** Hosts whose silence is remembered. */
  readonly maxHosts: number
}

export const DEFAULT_GATE_LIMITS: GateLimits = {
  places: {
    // Few for each host, so that somebody with a handful of slow hosts does not hold all of them.
    'any-host': { together: 64, perHost: 2 },
    'listed-host': { together: 64, perHost: 16 },
    pinned: { together: 64, perHost: 16 },
    'server-metadata': { together: 4, perHost: 4 },
  },
  silences: 5,
  restMs: 30_000,
  maxHosts: 1_024,
}

interface Host {
  readonly breaker: CircuitBreakerPolicy
  readonly places: BulkheadPolicy
}

type Settled<Result> = { readonly result: Result } | { readonly failure: FetchFailure }

/**
 * Where fetches of all users pass. Nobody queues: who finds no place, or a host that has been silent, is told so at once, so that a fetch
 * never takes longer than its own time limit. Each choice of address has places and memories of its own: what registrants name, however
 * much and however slow, costs those nothing that others pinned. Whoever answers in any way wakes a host: with an invented path on somebody
 * else's host nobody can make us leave that host alone.
 */
export class HostGate {
  readonly #limits: GateLimits
  readonly #onEvent: (event: EgressEvent) => void
  readonly #together: Readonly<Record<AddressChoice, BulkheadPolicy>>
  readonly #hosts: BoundedEntries<Host>

  constructor(limits: GateLimits, onEvent: (event: EgressEvent) => void) {
    this.#limits = limits
    this.#onEvent = onEvent
    const together = (choice: AddressChoice): BulkheadPolicy => bulkhead(limits.places[choice].together, 0)
    this.#together = {
      'any-host': together('any-host'),
      'listed-host': together('listed-host'),
      pinned: together('pinned'),
      'server-metadata': together('server-metadata'),
    }
    // Whoever names host after host pushes out none but such hosts.
    const ownerOf = (key: string): string => key.slice(0, key.indexOf(' '))
    this.#hosts = new BoundedEntries({ maxEntries: limits.maxHosts, maxBytes: Infinity }, { ownerOf })
  }

  /** @throws FetchFailure that of the task, or `host-rests` or `busy` when it was not begun */
  async run<Result>(place: FetchPlace, task: () => Promise<Result>): Promise<Result> {
    const { breaker, places } = this.#hostOf(place)
    // While one fetch finds out whether the host is awake, the library would let others wait for it.
    if (breaker.state === CircuitState.HalfOpen) throw resting(place)
    const together = this.#together[place.choice]
    try {
      const settled = await together.execute(() => places.execute(() => breaker.execute(() => settle(task))))
      if ('result' in settled) return settled.result
      throw settled.failure
    } catch (error) {
      throw this.#explain(place, error)
    }
  }

  #explain(place: FetchPlace, error: unknown): FetchFailure {
    const { choice, host } = place
    if (error instanceof BulkheadRejectedError) {
      this.#onEvent({ kind: 'fetch-turned-away', choice, host })
      return new FetchFailure('busy', `too much is fetched from ${host}, or altogether`, error)
    }
    return isBrokenCircuitError(error) ? resting(place, error) : toFetchFailure(error)
  }

  #hostOf({ choice, host, authorities }: FetchPlace): Host {
    const key = `${choice} ${authorities} ${host}`
    const known = this.#hosts.get(key)
    if (known !== undefined) return known
    const { silences, restMs } = this.#limits
    const breaker = circuitBreaker(handleWhen(isSilence), {
      halfOpenAfter: restMs,
      breaker: new ConsecutiveBreaker(silences),
    })
    breaker.onBreak(() => this.#onEvent({ kind: 'fetch-host-rests', choice, host, restMs }))
    const opened = { breaker, places: bulkhead(this.#limits.places[choice].perHost, 0) }
    this.#hosts.set(key, opened, 0)
    return opened
  }
}

/** Only silence is thrown on: the breaker takes everything else for a sign of life. */
async function settle<Result>(task: () => Promise<Result>): Promise<Settled<Result>> {
  try {
    return { result: await task() }
  } catch (error) {
    const failure = toFetchFailure(error)
    if (isSilence(failure)) throw failure
    return { failure }
  }
}

function isSilence(error: unknown): boolean {
  return error instanceof FetchFailure && error.isSilence
}

function resting({ host }: FetchPlace, cause?: unknown): FetchFailure {
  return new FetchFailure('host-rests', `${host} did not answer of late`, cause)
}
