import type { Clock } from '../../model/clock.ts'
import { hashKey } from '../hash-key.ts'
import type { Count } from '../registry.ts'

export interface MemoryWindowsOptions {
  /** Its `elapsedMs` alone is used: a wall clock that is set back must not prolong a window. */
  readonly clock: Clock
  readonly windowMs: number
  readonly maxKeys: number
}

interface Window {
  count: number
  readonly endsAtMs: number
}

/**
 * Counts of one limit in this process. Unlike a claim, a count may be forgotten: when full, the window that ends first makes room, for to
 * refuse a new key would let a flood of keys shut everybody else out. Whoever makes it forget his own sent more requests than he gained.
 */
export class MemoryWindows {
  /** All windows are equally long, so that the order in which they were opened is that in which they end. */
  readonly #windows = new Map<string, Window>()
  readonly #options: MemoryWindowsOptions

  constructor(options: MemoryWindowsOptions) {
    this.#options = options
  }

  get size(): number {
    return this.#windows.size
  }

  count(key: string): Count {
    const nowMs = this.#options.clock.elapsedMs()
    this.#forgetEnded(nowMs)
    const name = hashKey(key)
    const window = this.#windows.get(name) ?? this.#open(name, nowMs)
    window.count += 1
    return { count: window.count, remainingMs: Math.ceil(window.endsAtMs - nowMs) }
  }

  #forgetEnded(nowMs: number): void {
    for (const [name, { endsAtMs }] of this.#windows) {
      if (endsAtMs > nowMs) return
      this.#windows.delete(name)
    }
  }

  #open(name: string, nowMs: number): Window {
    const [first] = this.#windows.keys()
    if (first !== undefined && this.#windows.size >= this.#options.maxKeys) this.#windows.delete(first)
    const window = { count: 0, endsAtMs: nowMs + this.#options.windowMs }
    this.#windows.set(name, window)
    return window
  }
}
