/** What a key holds: who claimed it and, once that owner confirmed it, what was to be remembered. */
export interface Held {
  readonly owner: string
  /** Null until the owner confirmed. */
  readonly value: string | null
}

/** A counter within its current window. */
export interface Count {
  /** Increments in this window, this one included; from 1. */
  readonly count: number
  /** Until the window ends and the next increment starts again at 1. */
  readonly remainingMs: number
}

/**
 * What all gateway processes must agree on, in primitives that are each atomic: of any number of calls at the same time, in any number of
 * processes, the effect is that of some order of them, one after the other.
 *
 * Keys are any text: they are hashed, so neither their length nor their characters matter. Claims and counters are two worlds; the same
 * key in both does not meet. Owners are unguessable tokens, made anew for each claim: 1 to 128 letters, digits, `-` and `_`. Values are
 * at most 4096 characters. Lifetimes and windows are whole milliseconds, from 1. Anything else is a `RangeError`.
 *
 * Every operation ends within a bounded time and throws `RegistryUnavailable` when the store is away, full or closed. Then it may or may
 * not have taken effect; nothing is ever sent twice.
 */
export interface Registry {
  /** Takes a key that nobody holds (the owner itself included) and holds it, unconfirmed, until it is released or `lifetimeMs` have passed. */
  claim(key: string, owner: string, lifetimeMs: number): Promise<{ readonly claimed: boolean }>

  /**
   * Writes a value to a key that `owner` still holds and gives it a new lifetime from now; null keeps it until it is released.
   * False, without any effect, when the owner holds it no longer.
   */
  confirm(key: string, owner: string, value: string, lifetimeMs: number | null): Promise<boolean>

  /** Frees a key, confirmed or not. False, without any effect, when `owner` does not hold it (any longer). */
  release(key: string, owner: string): Promise<boolean>

  /** Null when nobody holds the key. */
  get(key: string): Promise<Held | null>

  /** Counts in fixed windows: the first increment opens one, and later ones do not prolong it. */
  increment(key: string, windowMs: number): Promise<Count>

  /** Resolves when the store answers. */
  ping(): Promise<void>

  /** Gives up what is under way; afterwards every operation throws `RegistryUnavailable`. */
  close(): Promise<void>
}
