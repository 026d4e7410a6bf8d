import type { KeyObject } from 'node:crypto'
import type { Clock } from '../model/clock.ts'
import { refuse, type Refusal } from '../model/refusal.ts'
import { KeysFailure } from './keys-failure.ts'
import type { ParsedKeys, VerificationKey } from './parse-keys.ts'
import { selectKey, type KeyReference } from './select-key.ts'
import { showValue } from './show-value.ts'
import type { SignedThing } from './signed-thing.ts'

export interface CacheTimes {
  /** How long fetched keys serve without asking again. */
  readonly freshMs: number
  /** How much longer they serve while nobody can be reached. */
  readonly staleMs: number
  /** Between two fetches that failed, and between two fetches for a key that was not there or did not verify. */
  readonly coolDownMs: number
}

export interface CacheOutcome {
  readonly onFetched: (fetched: ParsedKeys) => void
  readonly onFailed: (failure: unknown) => void
}

/** Past this part of their life keys are fetched anew while the old ones still serve, so that hardly anybody waits. */
const REFRESH_AHEAD = 0.8

/** A signer's keys, fetched as rarely as honesty allows: once for all who wait, and never faster because strangers ask. */
export class KeyCache {
  readonly #load: () => Promise<ParsedKeys>
  readonly #thing: SignedThing
  readonly #clock: Clock
  readonly #times: CacheTimes
  readonly #outcome: CacheOutcome
  #held: { readonly keys: readonly VerificationKey[]; readonly fetchedAtMs: number } | null = null
  /** How the last fetch failed; null when it did not. */
  #failure: { readonly cause: unknown; readonly atMs: number } | null = null
  #lookedAgainAtMs = -Infinity
  #inFlight: Promise<void> | null = null

  constructor(
    load: () => Promise<ParsedKeys>,
    thing: SignedThing,
    clock: Clock,
    times: CacheTimes,
    outcome: CacheOutcome,
  ) {
    this.#load = load
    this.#thing = thing
    this.#clock = clock
    this.#times = times
    this.#outcome = outcome
  }

  /** @throws Refusal with the thing's reason for an unknown key, or for unavailable ones when that cannot be told */
  async find(reference: KeyReference): Promise<KeyObject> {
    const before = this.#held
    await this.#keepFresh()
    const known = this.#select(reference)
    if (known !== null) return known
    // Keys that came during this very lookup are as new as can be.
    if (this.#held === before) await this.#lookAgain()
    const added = this.#select(reference)
    if (added !== null) return added
    throw this.#failure === null ? unknownKey(reference, this.#thing) : this.#unavailable()
  }

  /**
   * The key that is published under the reference by now, when it is not the one that failed; null when it is. Asks as rarely as
   * for an unknown key: whoever sends bad signatures must not make us ask again and again either.
   *
   * @throws Refusal with the thing's reason for unavailable keys when it cannot be told: it may be the signer that changed, not what it signed
   */
  async findReplacement(reference: KeyReference, failed: KeyObject): Promise<KeyObject | null> {
    if (this.#select(reference)?.equals(failed) === true) await this.#lookAgain()
    const key = this.#select(reference)
    if (key !== null && !key.equals(failed)) return key
    if (this.#failure !== null) throw this.#unavailable()
    return null
  }

  async #keepFresh(): Promise<void> {
    const { freshMs, staleMs } = this.#times
    const age = this.#ageMs()
    if (age >= freshMs) await this.#refresh()
    else if (age >= freshMs * REFRESH_AHEAD) void this.#refresh()
    if (this.#ageMs() >= freshMs + staleMs) throw this.#unavailable()
  }

  /** The signer may have changed its keys since; but who invents key ids must not make us ask again and again. */
  async #lookAgain(): Promise<void> {
    if (this.#inFlight === null) {
      if (this.#sinceMs(this.#lookedAgainAtMs) < this.#times.coolDownMs) return
      const lookedAgainAtMs = this.#lookedAgainAtMs
      this.#lookedAgainAtMs = this.#clock.elapsedMs()
      await this.#refresh()
      if (wasNotAsked(this.#failure?.cause)) this.#lookedAgainAtMs = lookedAgainAtMs
      return
    }
    await this.#refresh()
  }

  /** Never rejects; a failure stands in `#failure`. */
  #refresh(): Promise<void> {
    if (this.#failure !== null && this.#sinceMs(this.#failure.atMs) < this.#times.coolDownMs) return Promise.resolve()
    this.#inFlight ??= this.#fetch().finally(() => (this.#inFlight = null))
    return this.#inFlight
  }

  async #fetch(): Promise<void> {
    const fetchedAtMs = this.#clock.elapsedMs()
    try {
      const fetched = await this.#load()
      this.#held = { keys: fetched.keys, fetchedAtMs }
      this.#failure = null
      this.#outcome.onFetched(fetched)
    } catch (cause) {
      // Who fills the places of others must not make their keys unavailable for longer than he does: what was not asked need not cool down.
      this.#failure = { cause, atMs: wasNotAsked(cause) ? -Infinity : this.#clock.elapsedMs() }
      // The gate has told it.
      if (!wasNotAsked(cause)) this.#outcome.onFailed(cause)
    }
  }

  #select(reference: KeyReference): KeyObject | null {
    return selectKey(this.#held?.keys ?? [], reference)
  }

  #ageMs(): number {
    return this.#held === null ? Infinity : this.#sinceMs(this.#held.fetchedAtMs)
  }

  #sinceMs(moment: number): number {
    return this.#clock.elapsedMs() - moment
  }

  #unavailable(): Refusal {
    const cause = this.#failure?.cause
    const { at, signer, reasons } = this.#thing
    const message = `the keys of ${signer} cannot be fetched at the moment`
    const detail = cause instanceof Error ? cause.message.slice(0, 300) : 'unknown'
    return refuse({ reason: reasons.keysUnavailable, at, message, detail }, cause)
  }
}

function wasNotAsked(cause: unknown): boolean {
  return cause instanceof KeysFailure && !cause.wasAsked
}

export function unknownKey({ algorithm, keyId }: KeyReference, { name, at, signer, reasons }: SignedThing): Refusal {
  return refuse({
    reason: reasons.keyUnknown,
    at,
    message: `${signer} publishes no key, or more than one, that ${name} can have been signed with`,
    wanted: `one key of ${signer} for ${algorithm}`,
    found: `kid ${keyId === null ? 'absent' : showValue(keyId)}`,
  })
}
