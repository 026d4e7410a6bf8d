export interface EntryBounds {
  readonly maxEntries: number
  /** Of all entries together. */
  readonly maxBytes: number
}

interface EntryOptions<Value> {
  readonly onEvicted?: (value: Value) => void
  /** Whose an entry is; all are one owner's when left out. */
  readonly ownerOf?: (key: string) => string
}

interface Entry<Value> {
  readonly value: Value
  readonly bytes: number
}

/** Entries in the order of their last use. */
interface Share<Value> {
  readonly entries: Map<string, Entry<Value>>
  bytes: number
}

/**
 * A map bounded in number and size. What was used longest ago makes room, by the owner who holds the most: unlike a reservation it can be
 * fetched again, and nobody who fills the map pushes out what others hold less of.
 */
export class BoundedEntries<Value> {
  readonly #bounds: EntryBounds
  readonly #onEvicted: (value: Value) => void
  readonly #ownerOf: (key: string) => string
  readonly #shares = new Map<string, Share<Value>>()
  #size = 0
  #bytes = 0

  constructor(bounds: EntryBounds, { onEvicted, ownerOf }: EntryOptions<Value> = {}) {
    this.#bounds = bounds
    this.#onEvicted = onEvicted ?? (() => undefined)
    this.#ownerOf = ownerOf ?? (() => '')
  }

  /** Counts as a use. */
  get(key: string): Value | undefined {
    const entries = this.#shares.get(this.#ownerOf(key))?.entries
    const entry = entries?.get(key)
    if (entries === undefined || entry === undefined) return undefined
    entries.delete(key)
    entries.set(key, entry)
    return entry.value
  }

  /** Not a use. */
  peek(key: string): Value | undefined {
    return this.#find(key)?.value
  }

  /** False, and nothing changes, when the value alone is larger than all may be together. */
  set(key: string, value: Value, bytes: number): boolean {
    if (bytes > this.#bounds.maxBytes) return false
    this.delete(key)
    const owner = this.#ownerOf(key)
    const share = this.#shares.get(owner) ?? { entries: new Map<string, Entry<Value>>(), bytes: 0 }
    this.#shares.set(owner, share)
    share.entries.set(key, { value, bytes })
    this.#add(share, 1, bytes)
    this.#makeRoom(key)
    return true
  }

  delete(key: string): void {
    const owner = this.#ownerOf(key)
    const share = this.#shares.get(owner)
    const entry = share?.entries.get(key)
    if (share === undefined || entry === undefined) return
    share.entries.delete(key)
    this.#add(share, -1, -entry.bytes)
    if (share.entries.size === 0) this.#shares.delete(owner)
  }

  values(): readonly Value[] {
    return [...this.#shares.values()].flatMap(({ entries }) => [...entries.values()].map(({ value }) => value))
  }

  #find(key: string): Entry<Value> | undefined {
    return this.#shares.get(this.#ownerOf(key))?.entries.get(key)
  }

  #add(share: Share<Value>, entries: 1 | -1, bytes: number): void {
    this.#size += entries
    this.#bytes += bytes
    share.bytes += bytes
  }

  #makeRoom(latest: string): void {
    for (;;) {
      const isTooMuch = this.#bytes > this.#bounds.maxBytes
      if (!isTooMuch && this.#size <= this.#bounds.maxEntries) return
      const oldest = this.#oldestOfLargest(latest, isTooMuch)
      if (oldest === undefined) return
      const entry = this.#find(oldest)
      this.delete(oldest)
      if (entry !== undefined) this.#onEvicted(entry.value)
    }
  }

  /** Never the latest itself: it was let in. */
  #oldestOfLargest(latest: string, byBytes: boolean): string | undefined {
    let most = -1
    let found: string | undefined
    for (const { entries, bytes } of this.#shares.values()) {
      const amount = byBytes ? bytes : entries.size
      // The latest is the last of its share, so what comes first is it only where there is nothing else.
      const [oldest] = entries.keys()
      if (oldest === latest || amount <= most) continue
      most = amount
      found = oldest
    }
    return found
  }
}
