import type { Clock } from '../../../model/clock.ts'
import { HostRests, type RestRule } from './host-rests.ts'
import type { RevocationEvent } from './revocation-event.ts'
import { RevocationFailure, toRevocationFailure } from './revocation-failure.ts'

export interface GateLimits {
  readonly concurrent: number
  readonly concurrentPerHost: number
  readonly concurrentPerOwner: number
  readonly waiting: number
  readonly waitingPerHost: number
  readonly waitingPerOwner: number
  readonly rest: RestRule
}

export const DEFAULT_GATE_LIMITS: GateLimits = {
  concurrent: 16,
  concurrentPerHost: 4,
  concurrentPerOwner: 4,
  waiting: 256,
  waitingPerHost: 64,
  waitingPerOwner: 64,
  rest: { failures: 3, restMs: 30_000 },
}

/** `waiting`: somebody waits for the answer. `background`: nobody does, so it never stands in the way of those who wait. */
export type Urgency = 'waiting' | 'background'

/** Where a fetch goes, and for whose certificates: an issuer can name any number of hosts. */
export interface Errand {
  readonly host: string
  /** An issuer, in one word. */
  readonly owner: string
}

interface Waiting {
  readonly errand: Errand
  readonly enter: () => void
}

/**
 * Where all fetches pass: a flood of certificates that nothing is known of can neither make the gateway fetch without bound, nor can one
 * issuer's, on however many hosts that never answer, keep those of the others waiting.
 */
export class FetchGate {
  readonly #limits: GateLimits
  readonly #rests: HostRests
  readonly #onEvent: (event: RevocationEvent) => void
  readonly #running = new Set<Errand>()
  readonly #queue: Waiting[] = []
  #turnsAway = false

  constructor(limits: GateLimits, clock: Clock, onEvent: (event: RevocationEvent) => void) {
    this.#limits = limits
    this.#rests = new HostRests(limits.rest, clock)
    this.#onEvent = onEvent
  }

  /** @throws RevocationFailure that of the task, or `queue-full`, `host-resting` or `busy` when it was not begun */
  async run<Result>(to: Errand, urgency: Urgency, task: () => Promise<Result>): Promise<Result> {
    const { host } = to
    const errand = { ...to }
    this.#checkAwake(host)
    if (this.#hasRoom(errand, urgency)) this.#running.add(errand)
    else await this.#queueUp(errand, urgency)
    try {
      // It may have fallen silent while this one waited.
      this.#checkAwake(host)
      return await this.#attempt(host, task)
    } finally {
      this.#running.delete(errand)
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
  #queueUp(errand: Errand, urgency: Urgency): Promise<void> {
    if (urgency === 'background') throw new RevocationFailure('busy', 'others are waited for')
    const { waiting, waitingPerHost, waitingPerOwner } = this.#limits
    const limits = { all: waiting, ofHost: waitingPerHost, ofOwner: waitingPerOwner }
    const queued = this.#queue.map((one) => one.errand)
    if (!isBelow(limits, queued, errand)) throw this.#turnAway(errand.host)
    return new Promise((enter) => this.#queue.push({ errand, enter }))
  }

  #turnAway(host: string): RevocationFailure {
    if (!this.#turnsAway) this.#onEvent({ kind: 'revocation-queue-full', host })
    this.#turnsAway = true
    return new RevocationFailure('queue-full', `too many wait for ${host}`)
  }

  /** Whoever waited longest and whose host and issuer have room; the place is taken here, so that nobody slips in between. */
  #admit(): void {
    const next = this.#queue.findIndex(({ errand }) => this.#hasRoom(errand, 'waiting'))
    const [waiting] = next < 0 ? [] : this.#queue.splice(next, 1)
    if (this.#queue.length === 0) this.#turnsAway = false
    if (waiting === undefined) return
    this.#running.add(waiting.errand)
    waiting.enter()
  }

  /** What nobody waits for takes half of the places at most. */
  #hasRoom(errand: Errand, urgency: Urgency): boolean {
    const { concurrent, concurrentPerHost, concurrentPerOwner } = this.#limits
    const all = urgency === 'waiting' ? concurrent : concurrent / 2
    return isBelow({ all, ofHost: concurrentPerHost, ofOwner: concurrentPerOwner }, [...this.#running], errand)
  }
}

interface Limits {
  readonly all: number
  readonly ofHost: number
  readonly ofOwner: number
}

function isBelow({ all, ofHost, ofOwner }: Limits, others: readonly Errand[], { host, owner }: Errand): boolean {
  const isOfHost = (other: Errand): boolean => other.host === host
  const isOfOwner = (other: Errand): boolean => other.owner === owner
  return others.length < all && others.filter(isOfHost).length < ofHost && others.filter(isOfOwner).length < ofOwner
}
