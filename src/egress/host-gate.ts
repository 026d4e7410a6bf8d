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

export interface GateLimits {
  readonly concurrent: number
  readonly concurrentPerHost: number
  /** Silent fetches in a row after which a host is left alone. */
  readonly silences: number
  readonly restMs: number
  /** Hosts whose silence is remembered. */
  readonly maxHosts: number
}

export const DEFAULT_GATE_LIMITS: GateLimits = {
  concurrent: 32,
  concurrentPerHost: 8,
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
 * never takes longer than its own time limit. An answer of any kind wakes a host: with an invented path on somebody else's host nobody can
 * make us leave that host alone.
 */
export class HostGate {
  readonly #limits: GateLimits
  readonly #onEvent: (event: EgressEvent) => void
  readonly #places: BulkheadPolicy
  readonly #hosts: BoundedEntries<Host>

  constructor(limits: GateLimits, onEvent: (event: EgressEvent) => void) {
    this.#limits = limits
    this.#onEvent = onEvent
    this.#places = bulkhead(limits.concurrent, 0)
    this.#hosts = new BoundedEntries({ maxEntries: limits.maxHosts, maxBytes: Infinity })
  }

  /** `host` with its port. @throws FetchFailure that of the task, or `host-rests` or `busy` when it was not begun */
  async run<Result>(host: string, task: () => Promise<Result>): Promise<Result> {
    const { breaker, places } = this.#hostOf(host)
    // While one fetch finds out whether the host is awake, the library would let others wait for it.
    if (breaker.state === CircuitState.HalfOpen) throw resting(host)
    try {
      const settled = await this.#places.execute(() => places.execute(() => breaker.execute(() => settle(task))))
      if ('result' in settled) return settled.result
      throw settled.failure
    } catch (error) {
      throw this.#explain(host, error)
    }
  }

  #explain(host: string, error: unknown): FetchFailure {
    if (error instanceof BulkheadRejectedError) {
      this.#onEvent({ kind: 'fetch-turned-away', host })
      return new FetchFailure('busy', `too much is fetched from ${host}, or altogether`, error)
    }
    return isBrokenCircuitError(error) ? resting(host, error) : toFetchFailure(error)
  }

  #hostOf(name: string): Host {
    const known = this.#hosts.get(name)
    if (known !== undefined) return known
    const { silences, restMs, concurrentPerHost } = this.#limits
    const breaker = circuitBreaker(handleWhen(isSilence), {
      halfOpenAfter: restMs,
      breaker: new ConsecutiveBreaker(silences),
    })
    breaker.onBreak(() => this.#onEvent({ kind: 'fetch-host-rests', host: name, restMs }))
    const host = { breaker, places: bulkhead(concurrentPerHost, 0) }
    this.#hosts.set(name, host, 0)
    return host
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
  return error instanceof FetchFailure && (error.problem === 'timeout' || error.problem === 'unreachable')
}

function resting(host: string, cause?: unknown): FetchFailure {
  return new FetchFailure('host-rests', `${host} did not answer of late`, cause)
}
