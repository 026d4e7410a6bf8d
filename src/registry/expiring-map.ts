interface Entry<Value> {
  readonly value: Value
  /** On the clock of the caller; Infinity for an entry that stays. */
  readonly expiresAtMs: number
}

/**
 * A map with a bounded number of entries, each with a lifetime. Full means full of live entries: an entry is never dropped to make room,
 * because a flood of new keys would then push out reservations and replay marks that still protect something.
 */
export class ExpiringMap<Value> {
  readonly #entries = new Map<string, Entry<Value>>()
  readonly #maxEntries: number
  /** No entry expires earlier, so that a map full of live entries refuses without looking through all of them. */
  #nextExpiryMs = Infinity

  constructor(maxEntries: number) {
    this.#maxEntries = maxEntries
  }

  get(key: string, nowMs: number): Entry<Value> | undefined {
    const entry = this.#entries.get(key)
    return entry === undefined || entry.expiresAtMs <= nowMs ? undefined : entry
  }

  /** False when there is no room for one more key. */
  set(key: string, entry: Entry<Value>, nowMs: number): boolean {
    if (!this.#entries.has(key) && !this.#hasRoom(nowMs)) return false
    this.#entries.set(key, entry)
    this.#nextExpiryMs = Math.min(this.#nextExpiryMs, entry.expiresAtMs)
    return true
  }

  delete(key: string): void {
    this.#entries.delete(key)
  }

  #hasRoom(nowMs: number): boolean {
    if (this.#entries.size >= this.#maxEntries && this.#nextExpiryMs <= nowMs) this.#sweep(nowMs)
    return this.#entries.size < this.#maxEntries
  }

  #sweep(nowMs: number): void {
    this.#nextExpiryMs = Infinity
    for (const [key, { expiresAtMs }] of this.#entries) {
      if (expiresAtMs <= nowMs) this.#entries.delete(key)
      else this.#nextExpiryMs = Math.min(this.#nextExpiryMs, expiresAtMs)
    }
  }
}
