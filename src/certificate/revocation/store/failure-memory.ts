import type { Clock } from '../../../model/clock.ts'
import { BoundedEntries } from '../../../egress/bounded-entries.ts'
import type { RevocationFailure } from './revocation-failure.ts'

export interface CoolDown {
  /** After the first failure; doubled with every further one in a row. */
  readonly coolDownMs: number
  readonly coolDownLimitMs: number
}

export interface RememberedFailure {
  readonly key: string
  readonly url: string
  readonly failure: RevocationFailure
  readonly at: Date
  readonly coolUntilMs: number
  /** In a row. */
  readonly count: number
}

/** What is forgotten may be asked for again at once, which the fetch gate still bounds. */
const FAILURE_LIMIT = 4096

/** What failed and when it may be tried again, so that nobody is hammered who is in trouble already. */
export class FailureMemory {
  readonly #times: CoolDown
  readonly #clock: Clock
  readonly #failures = new BoundedEntries<RememberedFailure>({ maxEntries: FAILURE_LIMIT, maxBytes: Infinity })

  constructor(times: CoolDown, clock: Clock) {
    this.#times = times
    this.#clock = clock
  }

  find(key: string): RememberedFailure | null {
    return this.#failures.peek(key) ?? null
  }

  isCoolingDown(key: string): boolean {
    const known = this.#failures.peek(key)
    return known !== undefined && this.#clock.elapsedMs() < known.coolUntilMs
  }

  /** Returns how long the key is left alone. */
  remember(key: string, url: string, failure: RevocationFailure): number {
    const count = (this.#failures.peek(key)?.count ?? 0) + 1
    const { coolDownMs, coolDownLimitMs } = this.#times
    const restMs = Math.min(coolDownLimitMs, coolDownMs * 2 ** Math.min(count - 1, 30))
    const coolUntilMs = this.#clock.elapsedMs() + restMs
    this.#failures.set(key, { key, url, failure, at: this.#clock.now(), coolUntilMs, count }, 0)
    return restMs
  }

  forget(key: string): void {
    this.#failures.delete(key)
  }

  all(): readonly RememberedFailure[] {
    return this.#failures.values()
  }
}
