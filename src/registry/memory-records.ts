import type { RecordEntry, RecordPage, Taken } from './registry.ts'
import { RegistryUnavailable } from './registry-unavailable.ts'

interface Entry {
  readonly value: string
  readonly dueMs: number | null
  /** On the clock that lifetimes are measured by; Infinity for one that stays. */
  readonly expiresAtMs: number
}

interface Lease {
  readonly holder: string
  readonly expiresAtMs: number
}

export interface RecordLimits {
  readonly maxRecords: number
  /** Of all records together. */
  readonly maxCharacters: number
}

/** Records of one process; full means full of records that still tell of something, and none is dropped to make room. */
export class MemoryRecords {
  readonly #limits: RecordLimits
  readonly #entries = new Map<string, Entry>()
  readonly #leases = new Map<string, Lease>()
  #characters = 0

  constructor(limits: RecordLimits) {
    this.#limits = limits
  }

  take(name: string, holder: string, lifetimeMs: number, fresh: string | null, nowMs: number): Taken {
    const lease = this.#leases.get(name)
    if (lease !== undefined && lease.expiresAtMs > nowMs && lease.holder !== holder) return { taken: false }
    const entry = this.#entryAt(name, nowMs)
    if (entry === undefined && fresh !== null)
      this.#store(name, { value: fresh, dueMs: null, expiresAtMs: nowMs + 2 * lifetimeMs }, nowMs)
    this.#leases.set(name, { holder, expiresAtMs: nowMs + lifetimeMs })
    return { taken: true, record: entry?.value ?? fresh }
  }

  write(name: string, holder: string, { value, dueMs }: RecordEntry, leaseMs: number | null, nowMs: number): boolean {
    if (!this.#holds(name, holder, nowMs)) return false
    this.#store(name, { value, dueMs, expiresAtMs: Infinity }, nowMs)
    if (leaseMs === null) this.#leases.delete(name)
    else this.#leases.set(name, { holder, expiresAtMs: nowMs + leaseMs })
    return true
  }

  forget(name: string, holder: string, nowMs: number): boolean {
    if (!this.#holds(name, holder, nowMs)) return false
    this.#drop(name)
    this.#leases.delete(name)
    return true
  }

  renew(name: string, holder: string, leaseMs: number, nowMs: number): boolean {
    if (!this.#holds(name, holder, nowMs)) return false
    this.#leases.set(name, { holder, expiresAtMs: nowMs + leaseMs })
    return true
  }

  leave(name: string, holder: string, nowMs: number): boolean {
    if (!this.#holds(name, holder, nowMs)) return false
    this.#leases.delete(name)
    return true
  }

  read(name: string, nowMs: number): string | null {
    return this.#entryAt(name, nowMs)?.value ?? null
  }

  due(wallMs: number, limit: number): readonly string[] {
    const due = [...this.#entries].filter(([, { dueMs }]) => dueMs !== null && dueMs <= wallMs)
    due.sort(([, left], [, right]) => (left.dueMs ?? 0) - (right.dueMs ?? 0))
    return due.slice(0, limit).map(([name]) => name)
  }

  page(after: string | null, limit: number): RecordPage {
    const names = [...this.#entries].flatMap(([name, { expiresAtMs }]) => (expiresAtMs === Infinity ? [name] : []))
    const start = after === null ? 0 : Number(after)
    const end = start + limit
    return { names: names.slice(start, end), next: end < names.length ? String(end) : null }
  }

  #holds(name: string, holder: string, nowMs: number): boolean {
    const lease = this.#leases.get(name)
    return lease?.holder === holder && lease.expiresAtMs > nowMs
  }

  #entryAt(name: string, nowMs: number): Entry | undefined {
    const entry = this.#entries.get(name)
    if (entry === undefined || entry.expiresAtMs > nowMs) return entry
    this.#drop(name)
    return undefined
  }

  #store(name: string, entry: Entry, nowMs: number): void {
    const growth = entry.value.length - (this.#entries.get(name)?.value.length ?? 0)
    if (!this.#hasRoom(name, growth)) this.#sweep(nowMs)
    if (!this.#hasRoom(name, growth)) throw new RegistryUnavailable('memory is full')
    this.#characters += growth
    this.#entries.set(name, entry)
  }

  #hasRoom(name: string, growth: number): boolean {
    const records = this.#entries.size + (this.#entries.has(name) ? 0 : 1)
    return records <= this.#limits.maxRecords && this.#characters + growth <= this.#limits.maxCharacters
  }

  #drop(name: string): void {
    this.#characters -= this.#entries.get(name)?.value.length ?? 0
    this.#entries.delete(name)
  }

  #sweep(nowMs: number): void {
    for (const [name, { expiresAtMs }] of this.#entries) if (expiresAtMs <= nowMs) this.#drop(name)
    for (const [name, { expiresAtMs }] of this.#leases) if (expiresAtMs <= nowMs) this.#leases.delete(name)
  }
}
