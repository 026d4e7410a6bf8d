import { expect, it } from 'vitest'
import { refreshDelayMs } from '../../../../src/certificate/revocation/store/refresh-delay.ts'

const START = new Date('2027-03-01T00:00:00Z')
const HOUR_MS = 3_600_000
const TIMES = { minMs: 60_000, maxMs: 24 * HOUR_MS }

const at = (hours: number): Date => new Date(START.getTime() + hours * HOUR_MS)
const delayHours = (life: number | null, now: number, chance: number): number => {
  const nextUpdate = life === null ? null : at(life)
  return refreshDelayMs({ thisUpdate: START, nextUpdate, sequence: null }, at(now), chance, TIMES) / HOUR_MS
}

it('is about three quarters of the life of an answer, spread by chance', () => {
  expect([0, 0.5, 1].map((chance) => delayHours(10, 0, chance))).toEqual([6.5, 7.5, 8.5])
  expect(delayHours(10, 4, 0.5)).toBe(3.5)
})

it('grows shorter when the issuer is late, down to the least', () => {
  expect(delayHours(10, 8, 0)).toBe(1.5)
  expect(delayHours(10, 9.6, 0)).toBeCloseTo(0.3)
  expect(delayHours(10, 10, 0) * HOUR_MS).toBe(TIMES.minMs)
  expect(delayHours(10, 500, 0) * HOUR_MS).toBe(TIMES.minMs)
})

it('is never longer than the most, whatever the answer says of its end', () => {
  expect(delayHours(5000, 0, 0)).toBe(24)
  expect(delayHours(null, 0, 0)).toBe(24)
  expect(delayHours(null, 0, 1)).toBeCloseTo(19.2)
})

it('is the least for an answer that ends before it begins', () => {
  expect(delayHours(-5, 0, 0.5) * HOUR_MS).toBe(TIMES.minMs)
})
