import { describe, expect, it } from 'vitest'
import { freshMsOf } from '../../../src/egress/freshness.ts'

const TIMES = { minFreshMs: 1_000, maxFreshMs: 60_000, defaultFreshMs: 30_000 }

describe('an answer serves', () => {
  it.each([
    ['', 30_000],
    ['public', 30_000],
    ['max-age=10', 10_000],
    ['public, Max-Age = 10, immutable', 10_000],
    ['max-age="10"', 10_000],
    ['x-max-age=10', 30_000],
    ['s-maxage=10', 30_000],
    ['max-age=-1', 30_000],
    ['max-age=1e9', 30_000],
    ['max-age=0', 1_000],
    ['max-age=9999999999', 60_000],
    ['no-store', 1_000],
    ['max-age=50, no-store', 1_000],
    ['no-cache', 1_000],
    ['no-cache="set-cookie", max-age=50', 1_000],
  ])('by %j for %i ms, within our own bounds', (cacheControl, ms) => {
    expect(freshMsOf(cacheControl, TIMES)).toBe(ms)
  })
})
