import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible'
import type { RateLimit } from '../../model/rate-limit.ts'
import type { Count } from '../registry.ts'

/** Counts one more request of a key. @throws RegistryUnavailable */
export type CountRequest = (key: string) => Promise<Count>

/** @returns what remains of the window in ms where the limit is exceeded, null where it is not. @throws RegistryUnavailable */
export type Limiter = (key: string) => Promise<number | null>

/** `insurance` counts what `count` cannot; null where then nobody may go on. */
export function createLimiter(limit: RateLimit, count: CountRequest, insurance: CountRequest | null): Limiter {
  const insuranceLimiter = insurance === null ? {} : { insuranceLimiter: limiterOf(limit, insurance) }
  const limiter = limiterOf(limit, count, insuranceLimiter)
  return async (key) => {
    try {
      await limiter.consume(key)
      return null
    } catch (failure) {
      if (failure instanceof RateLimiterRes) return failure.msBeforeNext
      throw failure
    }
  }
}

/**
 * The limiter for Redis, whatever really counts. Of the client it uses `eval` alone, in the form of the package `redis`: behind that stands
 * our own counter, whose memory is bounded, whose windows are exact to the millisecond and whose calls end in time.
 */
function limiterOf(
  { requests, windowMs }: RateLimit,
  count: CountRequest,
  insured: { readonly insuranceLimiter?: RateLimiterRedis } = {},
): RateLimiterRedis {
  return new RateLimiterRedis({
    storeClient: {
      eval: async (_script: string, { keys: [key = ''] }: { readonly keys: readonly string[] }) => {
        const { count: consumed, remainingMs } = await count(key)
        return [consumed, remainingMs]
      },
    },
    useRedisPackage: true,
    keyPrefix: '',
    points: requests,
    // Only said on: how long a window lasts is the counter's to know. Below one second it would take another way than `eval`.
    duration: Math.ceil(windowMs / 1000),
    ...insured,
  })
}
