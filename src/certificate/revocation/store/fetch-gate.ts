import type { Clock } from '../../../model/clock.ts'
import { HostRests, type RestRule } from './host-rests.ts'
import type { RevocationEvent } from './revocation-event.ts'
import { RevocationFailure, toRevocationFailure } from './revocation-failure.ts'

export interface GateLimits {
  readonly concurrent: number
  readonly concurrentPerHost: number
  readonly waiting: number
  readonly waitingPerHost: number
  readonly rest: RestRule
}

export const DEFAULT_GATE_LIMITS: GateLimits = {
  concurrent: 16,
  concurrentPerHost: 4,
  waiting: 256,
  waitingPerHost: 64,
  rest: { failures: 3, restMs: 30_000 },
}

/** `waiting`: somebody waits for the answer. `background`: nobody does, so it never stands in the way of those who wait. */
export type Urgency = 'waiting' | 'background'

interface Waiting {
  readonly host: string
  readonly enter: () => void
}

/**
 * Where all fetches pass: a flood of certificates that nothing is known of can neither make the gateway fetch without bound, nor one
 * issuer's host keep those of the others waiting.
 */
export class FetchGate {
  readonly #limits: GateLimits
  readonly #rests: HostRests
  readonly #onEvent: (event: RevocationEvent) => void
  readonly #running = new Map<string, number>()
  readonly #queue: Waiting[] = []
  #turnsAway = false

  constructor(limits: GateLimits, clock: Clock, onEvent: (event: RevocationEvent) => void) {
    this.#limits = limits
    this.#rests = new HostRests(limits.rest, clock)
    this.#onEvent = onEvent
  }

  /** @throws RevocationFailure that of the task, or `queue-full`, `host-resting` or `busy` when it was not begun */
  async run<Result>(host: string, urgency: Urgency, task: () => Promise<Result>): Promise<Result> {
    this.#checkAwake(host)
    if (this.#hasRoom(host, urgency)) this.#count(host, 1)
    else await this.#queueUp(host, urgency)
    try {
      // It may have fallen silent while this one waited.
      this.#checkAwake(host)
      return await this.#attempt(host, task)
    } finally {
      this.#count(host, -1)
      this.#admit()
    }
  }

  async #attempt<Result>(host: string, task: () => Promise<Result>): Promise<Result> {
    try {
      const result = await task()
      this.#rests.answered(host)
      return result
    } catch (error) {
      const failure = toRevocationFailure(error)
      const { restMs } = this.#limits.rest
      if (this.#rests.failed(host, failure)) this.#onEvent({ kind: 'revocation-host-rests', host, restMs })
      throw failure
    }
  }

  #checkAwake(host: string): void {
    if (this.#rests.isResting(host)) throw new RevocationFailure('host-resting', `${host} did not answer of late`)
  }

  /** Returns when there is room and this one has taken it. */
  #queueUp(host: string, urgency: Urgency): Promise<void> {
    if (urgency === 'background') throw new RevocationFailure('busy', 'others are waited for')
    const ofHost = this.#queue.filter((waiting) => waiting.host === host).length
    if (this.#queue.length >= this.#limits.waiting || ofHost >= this.#limits.waitingPerHost) throw this.#turnAway(host)
    return new Promise((enter) => this.#queue.push({ host, enter }))
  }

  #turnAway(host: string): RevocationFailure {
    if (!this.#turnsAway) this.#onEvent({ kind: 'revocation-queue-full', host })
    this.#turnsAway = true
    return new RevocationFailure('queue-full', `too many wait for ${host}`)
  }

  /** Whoever waited longest and whose host has room; the place is taken here, so that nobody slips in between. */
  #admit(): void {
    const next = this.#queue.findIndex(({ host }) => this.#hasRoom(host, 'waiting'))
    const [waiting] = next < 0 ? [] : this.#queue.splice(next, 1)
    if (this.#queue.length === 0) this.#turnsAway = false
    if (waiting === undefined) return
    this.#count(waiting.host, 1)
    waiting.enter()
  }

  /** What nobody waits for takes half of the places at most. */
  #hasRoom(host: string, urgency: Urgency): boolean {
    const places = urgency === 'waiting' ? this.#limits.concurrent : this.#limits.concurrent / 2
    const total = [...this.#running.values()].reduce((sum, count) => sum + count, 0)
    return total < places && (this.#running.get(host) ?? 0) < this.#limits.concurrentPerHost
  }

  #count(host: string, change: 1 | -1): void {
    const count = (this.#running.get(host) ?? 0) + change
    if (count === 0) this.#running.delete(host)
    else this.#running.set(host, count)
  }
}
