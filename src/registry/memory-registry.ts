import type { Clock } from '../model/clock.ts'
import { checkLifetime, checkOwner, checkValue } from './check-arguments.ts'
import { ExpiringMap } from './expiring-map.ts'
import { hashKey } from './hash-key.ts'
import { RegistryUnavailable } from './registry-unavailable.ts'
import type { Count, Held, Registry } from './registry.ts'

export interface MemoryRegistryOptions {
  /** Its `elapsedMs` alone is used: a wall clock that is set back or forward must not touch a lifetime. */
  readonly clock: Clock
  /** Of claims and of counters, each. */
  readonly maxEntries: number
}

/** The embedded default: one process agrees with itself, and a restart forgets everything. */
export class MemoryRegistry implements Registry {
  readonly #clock: Clock
  readonly #claims: ExpiringMap<Held>
  readonly #counts: ExpiringMap<number>
  #closed = false

  constructor(options: MemoryRegistryOptions) {
    this.#clock = options.clock
    this.#claims = new ExpiringMap(options.maxEntries)
    this.#counts = new ExpiringMap(options.maxEntries)
  }

  claim(key: string, owner: string, lifetimeMs: number): Promise<{ readonly claimed: boolean }> {
    return this.#at((nowMs) => {
      checkOwner(owner)
      checkLifetime(lifetimeMs)
      const name = hashKey(key)
      if (this.#claims.get(name, nowMs) !== undefined) return { claimed: false }
      store(this.#claims, name, { owner, value: null }, nowMs + lifetimeMs, nowMs)
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
