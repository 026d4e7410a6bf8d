import type { Clock } from '../model/clock.ts'
import { BoundedEntries } from './bounded-entries.ts'
import { checkTarget } from './check-target.ts'
import type { EgressEvent, FetchPurpose } from './egress-event.ts'
import type { EgressRules } from './egress-rules.ts'
import { fetchAnswer } from './fetch-bounded.ts'
import { FetchFailure, toFetchFailure } from './fetch-failure.ts'
import { fetchPlace, type AddressChoice } from './fetch-place.ts'
import { freshMsOf, type FreshTimes } from './freshness.ts'
import type { HostGate } from './host-gate.ts'

export interface FetchTimes extends FreshTimes {
  /** How much longer a value serves while no newer one can be had (stale-if-error, RFC 5861 section 4). */
  readonly staleMs: number
  /** How long an address that failed is not asked again. */
  readonly coolDownMs: number
}

export interface FetchedValuesOptions<Value> {
  readonly purpose: FetchPurpose
  /** Media types that are wanted. */
  readonly accept: string
  readonly rules: EgressRules
  readonly times: FetchTimes
  readonly maxEntries: number
  readonly clock: Clock
  readonly gate: HostGate
  /** Who has a say in the addresses. */
  readonly choice: AddressChoice
  readonly onEvent: (event: EgressEvent) => void
  /** Throws for a document that is not what is wanted; its message is for the operator. */
  readonly parse: (document: Buffer) => Value
}

interface Held<Value> {
  readonly value: Value
  readonly freshUntilMs: number
}

interface Failed {
  readonly failure: FetchFailure
  readonly coolUntilMs: number
}

/** What one user of the network fetched, parsed and remembered by address: once for all who wait, and as rarely as honesty allows. */
export class FetchedValues<Value> {
  readonly #options: FetchedValuesOptions<Value>
  readonly #held: BoundedEntries<Held<Value>>
  readonly #failed: BoundedEntries<Failed>
  readonly #inFlight = new Map<string, Promise<Value>>()

  constructor(options: FetchedValuesOptions<Value>) {
    this.#options = options
    const bounds = { maxEntries: options.maxEntries, maxBytes: Infinity }
    this.#held = new BoundedEntries(bounds)
    this.#failed = new BoundedEntries(bounds)
  }

  /** @throws FetchFailure */
  async get(address: string): Promise<Value> {
    const url = this.#target(address)
    const held = this.#held.get(url.href)
    if (held !== undefined && this.#now() < held.freshUntilMs) return held.value
    try {
      return await this.#fetchOnce(url)
    } catch (failure) {
      const stale = this.#stale(url)
      if (stale !== undefined) return stale.value
      throw failure
    }
  }

  /** One fetch for everybody who wants it now. */
  #fetchOnce(url: URL): Promise<Value> {
    const running = this.#inFlight.get(url.href)
    if (running !== undefined) return running
    const failed = this.#failed.get(url.href)
    if (failed !== undefined && this.#now() < failed.coolUntilMs) return Promise.reject(failed.failure)
    const begun = this.#fetch(url).finally(() => this.#inFlight.delete(url.href))
    this.#inFlight.set(url.href, begun)
    return begun
  }

  async #fetch(url: URL): Promise<Value> {
    const { gate, choice, rules, purpose, onEvent } = this.#options
    const begunMs = this.#now()
    const facts = (): { purpose: FetchPurpose; host: string; ms: number } => {
      return { purpose, host: url.host, ms: this.#now() - begunMs }
    }
    try {
      const value = await gate.run(fetchPlace(url, choice, rules.ca), () => this.#ask(url))
      this.#failed.delete(url.href)
      onEvent({ kind: 'fetched', ...facts() })
      return value
    } catch (error) {
      const failure = toFetchFailure(error)
      const { problem, detail } = failure
      // The address has done nothing wrong where it was not asked; that it was not, the gate has told.
      if (problem === 'busy' || problem === 'host-rests') throw failure
      this.#failed.set(url.href, { failure, coolUntilMs: this.#now() + this.#options.times.coolDownMs }, 0)
      onEvent({ kind: 'fetch-failed', ...facts(), problem, detail: detail.slice(0, 300) })
      throw failure
    }
  }

  async #ask(url: URL): Promise<Value> {
    const { accept, rules, times } = this.#options
    const { bytes, cacheControl } = await fetchAnswer({ url: url.href, method: 'GET', accept }, rules)
    const value = this.#parse(bytes)
    this.#held.set(url.href, { value, freshUntilMs: this.#now() + freshMsOf(cacheControl, times) }, 0)
    return value
  }

  #parse(document: Buffer): Value {
    try {
      return this.#options.parse(document)
    } catch (error) {
      throw new FetchFailure('malformed', error instanceof Error ? error.message : 'not what is wanted', error)
    }
  }

  #stale({ href, host }: URL): Held<Value> | undefined {
    const { times, purpose, onEvent } = this.#options
    const held = this.#held.get(href)
    if (held === undefined || this.#now() >= held.freshUntilMs + times.staleMs) return undefined
    onEvent({ kind: 'fetch-stale-used', purpose, host })
    return held
  }

  /** Before anything is looked up or remembered: what may not be asked costs nothing. */
  #target(address: string): URL {
    try {
      const url = checkTarget(address, this.#options.rules)
      // It is never sent, and would make one document many.
      url.hash = ''
      return url
    } catch (error) {
      throw toFetchFailure(error)
    }
  }

  #now(): number {
    return this.#options.clock.elapsedMs()
  }
}
