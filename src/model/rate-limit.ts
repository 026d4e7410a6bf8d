/** A limit in fixed windows: the first request opens one, and the next after its end another. */
export interface RateLimit {
  /** In one window, the one that opened it included. */
  readonly requests: number
  readonly windowMs: number
}

/** Whose requests are counted together. */
export type RateLimitName = 'address' | 'certificate' | 'owner'

/** `unavailable`: the store could not be asked. */
export type RateLimitEvent = 'exceeded' | 'unavailable'
