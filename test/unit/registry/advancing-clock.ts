import type { Clock } from '../../../src/model/clock.ts'

export interface AdvancingClock extends Clock {
  readonly advance: (milliseconds: number) => void
}

/** Stands still until it is told otherwise; asking it for the wall time is a fault, for lifetimes must not depend on that. */
export function advancingClock(): AdvancingClock {
  let elapsed = 1_000
  return {
    now: () => {
      throw new Error('a lifetime was measured on the wall clock')
    },
    elapsedMs: () => elapsed,
    advance: (milliseconds) => {
      elapsed += milliseconds
    },
  }
}
