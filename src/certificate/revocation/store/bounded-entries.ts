export interface EntryBounds {
  readonly maxEntries: number
  /** Of all entries together. */
  readonly maxBytes: number
}

interface Entry<Value> {
  readonly value: Value
  readonly bytes: number
}

/** A map bounded in number and size. What was used longest ago makes room: unlike a reservation it can be fetched again. */
export class BoundedEntries<Value> {
  readonly #bounds: EntryBounds
  readonly #onEvicted: (value: Value) => void
  /** In the order of their last use. */
  readonly #entries = new Map<string, Entry<Value>>()
  #bytes = 0

  constructor(bounds: EntryBounds, onEvicted: (value: Value) => void = () => undefined) {
    this.#bounds = bounds
    this.#onEvicted = onEvicted
  }

  /** Counts as a use. */
  get(key: string): Value | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined) return undefined
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    return entry.value
  }

  /** Not a use. */
  peek(key: string): Value | undefined {
    return this.#entries.get(key)?.value
  }

  /** False, and nothing changes, when the value alone is larger than all may be together. */
  set(key: string, value: Value, bytes: number): boolean {
    if (bytes > this.#bounds.maxBytes) return false
    this.delete(key)
    this.#entries.set(key, { value, bytes })
    this.#bytes += bytes
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#bounds.maxEntries && this.#bytes <= this.#bounds.maxBytes) break
      this.#evict(oldest)
    }
    return true
  }

  delete(key: string): void {
    this.#bytes -= this.#entries.get(key)?.bytes ?? 0
    this.#entries.delete(key)
  }

  values(): readonly Value[] {
    return [...this.#entries.values()].map(({ value }) => value)
  }

  #evict(key: string): void {
    const entry = this.#entries.get(key)
    this.delete(key)
    if (entry !== undefined) this.#onEvicted(entry.value)
  }
}
