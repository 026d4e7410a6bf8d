import type { Fault } from '../schedule/faults.ts'

/** A fault that waits for its moment on a link. */
export interface ArmedFault {
  readonly fault: Fault
  /** Milliseconds since the epoch; null until it strikes. */
  struckAt: number | null
  /** Exchanges still to be let through. */
  skip: number
}

/** Called the moment a fault strikes; who hears it does the killing. */
export type OnStrike = (fault: Fault) => void
