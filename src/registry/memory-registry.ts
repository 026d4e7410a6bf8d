import type { Clock } from '../model/clock.ts'
import { checkLifetime, checkName, checkOwner, checkRecord, checkValue } from './check-arguments.ts'
import { ExpiringMap } from './expiring-map.ts'
import { hashKey } from './hash-key.ts'
import { MemoryRecords } from './memory-records.ts'
import { RegistryUnavailable } from './registry-unavailable.ts'
import type { Count, Held, RecordEntry, RecordPage, Registry, Taken } from './registry.ts'

export interface MemoryRegistryOptions {
  /** Its `elapsedMs` alone is used: a wall clock that is set back or forward must not touch a lifetime. */
  readonly clock: Clock
  /** Of claims, of counters and of records, each. */
  readonly maxEntries: number
  /** Of all records together; 100 million when left out. */
  readonly maxRecordCharacters?: number
}

const MAX_RECORD_CHARACTERS = 100_000_000

/** The embedded default: one process agrees with itself, and a restart forgets everything. */
export class MemoryRegistry implements Registry {
  readonly #clock: Clock
  readonly #claims: ExpiringMap<Held>
  readonly #counts: ExpiringMap<number>
  readonly #records: MemoryRecords
  #closed = false

  constructor(options: MemoryRegistryOptions) {
    this.#clock = options.clock
    this.#claims = new ExpiringMap(options.maxEntries)
    this.#counts = new ExpiringMap(options.maxEntries)
    this.#records = new MemoryRecords({
      maxRecords: options.maxEntries,
      maxCharacters: options.maxRecordCharacters ?? MAX_RECORD_CHARACTERS,
    })
  }

  claim(key: string, owner: string, lifetimeMs: number): Promise<{ readonly claimed: boolean }> {
    return this.#at((nowMs) => {
      checkOwner(owner)
      checkLifetime(lifetimeMs)
      const name = hashKey(key)
      const held = this.#claims.get(name, nowMs)?.value
      if (held !== undefined && held.owner !== owner) return { claimed: false }
      if (held === undefined || held.value === null) {
        store(this.#claims, name, { owner, value: null }, nowMs + lifetimeMs, nowMs)
      }
      return { claimed: true }
    })
  }

  confirm(key: string, owner: string, value: string, lifetimeMs: number | null): Promise<boolean> {
    return this.#at((nowMs) => {
      checkOwner(owner)
      checkValue(value)
      if (lifetimeMs !== null) checkLifetime(lifetimeMs)
      const name = hashKey(key)
      if (this.#claims.get(name, nowMs)?.value.owner !== owner) return false
      store(this.#claims, name, { owner, value }, lifetimeMs === null ? Infinity : nowMs + lifetimeMs, nowMs)
      return true
    })
  }

  release(key: string, owner: string): Promise<boolean> {
    return this.#at((nowMs) => {
      checkOwner(owner)
      const name = hashKey(key)
      if (this.#claims.get(name, nowMs)?.value.owner !== owner) return false
      this.#claims.delete(name)
      return true
    })
  }

  get(key: string): Promise<Held | null> {
    return this.#at((nowMs) => this.#claims.get(hashKey(key), nowMs)?.value ?? null)
  }

  increment(key: string, windowMs: number): Promise<Count> {
    return this.#at((nowMs) => {
      checkLifetime(windowMs)
      const name = hashKey(key)
      const current = this.#counts.get(name, nowMs)
      const count = (current?.value ?? 0) + 1
      const endsAtMs = current?.expiresAtMs ?? nowMs + windowMs
      store(this.#counts, name, count, endsAtMs, nowMs)
      return { count, remainingMs: Math.ceil(endsAtMs - nowMs) }
    })
  }

  take(name: string, holder: string, lifetimeMs: number, fresh: string | null): Promise<Taken> {
    return this.#at((nowMs) => {
      checkName(name)
      checkOwner(holder)
      checkLifetime(lifetimeMs)
      if (fresh !== null) checkRecord(fresh)
      return this.#records.take(name, holder, lifetimeMs, fresh, nowMs)
    })
  }

  write(name: string, holder: string, entry: RecordEntry, leaseMs: number | null): Promise<boolean> {
    return this.#at((nowMs) => {
      checkName(name)
      checkOwner(holder)
      checkRecord(entry.value)
      if (leaseMs !== null) checkLifetime(leaseMs)
      return this.#records.write(name, holder, entry, leaseMs, nowMs)
    })
  }

  forget(name: string, holder: string): Promise<boolean> {
    return this.#at((nowMs) => {
      checkName(name)
      checkOwner(holder)
      return this.#records.forget(name, holder, nowMs)
    })
  }

  renew(name: string, holder: string, leaseMs: number): Promise<boolean> {
    return this.#at((nowMs) => {
      checkName(name)
      checkOwner(holder)
      checkLifetime(leaseMs)
      return this.#records.renew(name, holder, leaseMs, nowMs)
    })
  }

  leave(name: string, holder: string): Promise<boolean> {
    return this.#at((nowMs) => {
      checkName(name)
      checkOwner(holder)
      return this.#records.leave(name, holder, nowMs)
    })
  }

  read(name: string): Promise<string | null> {
    return this.#at((nowMs) => {
      checkName(name)
      return this.#records.read(name, nowMs)
    })
  }

  due(nowMs: number, limit: number): Promise<readonly string[]> {
    return this.#at(() => this.#records.due(nowMs, limit))
  }

  page(after: string | null, limit: number): Promise<RecordPage> {
    return this.#at(() => this.#records.page(after, limit))
  }

  ping(): Promise<void> {
    return this.#at(() => undefined)
  }

  close(): Promise<void> {
    this.#closed = true
    return Promise.resolve()
  }

  /** Computes at once, which is what makes an operation atomic here, and turns whatever is thrown into a rejection. */
  #at<Result>(compute: (nowMs: number) => Result): Promise<Result> {
    return new Promise((resolve) => {
      if (this.#closed) throw new RegistryUnavailable('closed')
      resolve(compute(this.#clock.elapsedMs()))
    })
  }
}

function store<Value>(map: ExpiringMap<Value>, key: string, value: Value, expiresAtMs: number, nowMs: number): void {
  if (!map.set(key, { value, expiresAtMs }, nowMs)) throw new RegistryUnavailable('memory is full')
}
