import { formatPath, type KeyPath } from '../document/key-path.ts'
import type { Place } from '../document/locate-path.ts'
import type { Fault } from '../model/fault.ts'

const SHOWN_LIMIT_CHARACTERS = 200

/** Collects the faults of one settings file, each at its place. */
export class FaultList {
  readonly #file: string
  readonly #locate: (path: KeyPath) => Place
  readonly #faults: Fault[]

  constructor(file: string, locate: (path: KeyPath) => Place, faults: readonly Fault[]) {
    this.#file = file
    this.#locate = locate
    this.#faults = [...faults]
  }

  /** Nothing is added at a key that has a fault already: it would only follow from that one. */
  add(path: KeyPath, wanted: string, found: string, hint?: string): void {
    if (this.#faults.some((fault) => fault.path === formatPath(path))) return
    const place = { file: this.#file, ...this.#locate(path), path: formatPath(path) }
    const shown = { wanted, found: found.slice(0, SHOWN_LIMIT_CHARACTERS) }
    this.#faults.push({ ...place, ...shown, ...(hint === undefined ? {} : { hint }) })
  }

  all(): readonly Fault[] {
    return this.#faults
  }
}
