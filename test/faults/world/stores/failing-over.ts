import { setTimeout as sleep } from 'node:timers/promises'

/** Longer than a replica takes to be promoted: who comes back sooner is the primary that he was. */
const DOWN_MS = 3_000
const LONGEST_MS = 60_000
const PAUSE_MS = 50

export interface FailingOverOptions {
  /** Kills a primary, which comes back after that time. */
  readonly killPrimary: (downMs: number) => Promise<void>
  /** Whether each primary has a replica that has all of it. Anything thrown is a no. */
  readonly isWhole: () => Promise<boolean>
  /** That it does not become whole again. */
  readonly onCrash: (what: string) => void
}

/** One failover after the other: of a store that lost two at once nobody could demand anything. */
export class FailingOver {
  readonly #options: FailingOverOptions
  #current: Promise<void> | null = null

  constructor(options: FailingOverOptions) {
    this.#options = options
  }

  begin(downMs: number): void {
    this.#current ??= this.#failOver(DOWN_MS + downMs).finally(() => (this.#current = null))
  }

  async whenOver(): Promise<void> {
    while (this.#current !== null) await this.#current
  }

  /** @throws Error when it takes too long */
  async whenWhole(): Promise<void> {
    const until = Date.now() + LONGEST_MS
    while (!(await this.#options.isWhole().catch(() => false))) {
      if (Date.now() > until) throw new Error('the store does not become whole')
      await sleep(PAUSE_MS)
    }
  }

  async #failOver(downMs: number): Promise<void> {
    try {
      await this.whenWhole()
      await this.#options.killPrimary(downMs)
      await sleep(downMs)
      await this.whenWhole()
    } catch (failure) {
      this.#options.onCrash(String(failure))
    }
  }
}
