import type { Clock } from '../../../model/clock.ts'
import { BoundedEntries } from '../../../egress/bounded-entries.ts'
import type { RevocationFailure } from './revocation-failure.ts'

export interface RestRule {
  /** In a row. */
  readonly failures: number
  readonly restMs: number
}

interface HostRecord {
  readonly failures: number
  readonly restsUntilMs: number
}

const HOST_LIMIT = 1024

/**
 * A host that does not answer is left alone for a while: otherwise each new certificate of its issuer would wait for it in vain, and take
 * a place from others. An answer with an error status, or one that is no good, is an answer: an issuer that names somebody else's host
 * with an invented path must not make us leave that host alone.
 */
export class HostRests {
  readonly #rule: RestRule
  readonly #clock: Clock
  readonly #hosts = new BoundedEntries<HostRecord>({ maxEntries: HOST_LIMIT, maxBytes: Infinity })

  constructor(rule: RestRule, clock: Clock) {
    this.#rule = rule
    this.#clock = clock
  }

  isResting(host: string): boolean {
    return this.#clock.elapsedMs() < (this.#hosts.peek(host)?.restsUntilMs ?? -Infinity)
  }

  answered(host: string): void {
    this.#hosts.delete(host)
  }

  /** True when the host begins to rest by it. */
  failed(host: string, { problem }: RevocationFailure): boolean {
    if (problem !== 'timeout' && problem !== 'unreachable') {
      this.answered(host)
      return false
    }
    const failures = (this.#hosts.peek(host)?.failures ?? 0) + 1
    const rests = failures >= this.#rule.failures
    // The count stays: after its rest one failure more is enough.
    const restsUntilMs = rests ? this.#clock.elapsedMs() + this.#rule.restMs : -Infinity
    this.#hosts.set(host, { failures, restsUntilMs }, 0)
    return rests
  }
}
