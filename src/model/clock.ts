/** The only source of time: built once at the rim, handed inwards, frozen in tests. */
export interface Clock {
  readonly now: () => Date
  /** Milliseconds since any fixed moment, for durations. */
  readonly elapsedMs: () => number
}
