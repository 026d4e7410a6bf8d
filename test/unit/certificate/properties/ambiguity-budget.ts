/** The stage looks at no more ways up than this, so a valid hierarchy may not have more. */
const WAYS_LIMIT = 16
/** With four intermediates, a client and these a path has seven certificates below its anchor; eight are allowed. */
const ROLLOVER_LIMIT = 2

/** How many ways up the names of a hierarchy leave, at most. */
export class AmbiguityBudget {
  #ways = 1
  #rollovers = 0

  get isUsed(): boolean {
    return this.#ways > 1
  }

  /** Whether something that multiplies the ways by `factor` still fits. */
  take(factor: number): boolean {
    if (this.#ways * factor > WAYS_LIMIT) return false
    this.#ways *= factor
    return true
  }

  takeRollover(): boolean {
    if (this.#rollovers === ROLLOVER_LIMIT || !this.take(2)) return false
    this.#rollovers += 1
    return true
  }
}
