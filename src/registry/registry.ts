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

/** What becomes of a record that is written. */
export interface RecordEntry {
  /** 1 to 400,000 characters. */
  readonly value: string
  /** Wall clock from which `due` tells of it, in milliseconds; null for never. */
  readonly dueMs: number | null
}

/** `record` is null where nothing is remembered. */
export type Taken = { readonly taken: true; readonly record: string | null } | { readonly taken: false }

/** Some names of records, and how to go on; null when these were the last. */
export interface RecordPage {
  readonly names: readonly string[]
  readonly next: string | null
}

/**
 * What all gateway processes must agree on, in primitives that are each atomic: of any number of calls at the same time, in any number of
 * processes, the effect is that of some order of them, one after the other.
 *
 * Claims, counters and records are three worlds; the same key in two of them does not meet. Keys of claims and counters are any text:
 * they are hashed, so neither their length nor their characters matter. Records have names of 43 letters, digits, `-` and `_` (a digest).
 * Owners and holders are unguessable tokens: 1 to 128 letters, digits, `-` and `_`. Values are at most 4096 characters. Lifetimes and windows are whole milliseconds, from 1. Anything else is a `RangeError`.
 *
 * Every operation ends within a bounded time and throws `RegistryUnavailable` when the store is away, full or closed. Then it may or may
 * not have taken effect; nothing is ever sent twice.
 */
export interface Registry {
  /**
   * Takes a key that nobody else holds and holds it, unconfirmed, until it is released or `lifetimeMs` have passed. To its owner a key is
   * given again: unconfirmed for another lifetime, confirmed as it is.
   */
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

  /**
   * Takes the lease of a record for `lifetimeMs` and reads the record; where there is none, `fresh` is written, to be gone after twice that
   * time unless it is written again. Its holder may take it again, for another lifetime.
   */
  take(name: string, holder: string, lifetimeMs: number, fresh: string | null): Promise<Taken>

  /**
   * Writes a record to stay, and takes its lease for another `leaseMs`, or gives it back where that is null. False, without any effect on
   * the record, when `holder` has the lease no longer: what was written meanwhile is another's.
   */
  write(name: string, holder: string, entry: RecordEntry, leaseMs: number | null): Promise<boolean>

  /** Removes record and lease. False, without any effect, as with `write`. */
  forget(name: string, holder: string): Promise<boolean>

  /** Takes a lease for another `leaseMs` and leaves the record as it is. False, without any effect, when `holder` has it no longer. */
  renew(name: string, holder: string, leaseMs: number): Promise<boolean>

  /** Gives a lease back and leaves the record as it is. False, without any effect, when `holder` does not have it. */
  leave(name: string, holder: string): Promise<boolean>

  /** The record as it is, whoever has the lease; null where nothing is remembered. */
  read(name: string): Promise<string | null>

  /** Names of records that somebody must look at, earliest first, at most `limit`. A name may be told without its record, never a record without its name. */
  due(nowMs: number, limit: number): Promise<readonly string[]>

  /** All names that `due` would ever tell, and those it would not, in no order; one may come twice. */
  page(after: string | null, limit: number): Promise<RecordPage>

  /** Resolves when the store answers. */
  ping(): Promise<void>

  /** Gives up what is under way; afterwards every operation throws `RegistryUnavailable`. */
  close(): Promise<void>
}
