import { describe, expect, it } from 'vitest'
import { MAX_KEYS_IN_MEMORY } from '../../src/registry/rates/rate-limits.ts'
import { MemoryWindows } from '../../src/registry/rates/memory-windows.ts'
import { RegistryUnavailable } from '../../src/registry/registry-unavailable.ts'
import { advancingClock } from '../unit/registry/advancing-clock.ts'
import {
  clientWith,
  inTurn,
  openRates,
  outcomeOf,
  perAddress,
  WINDOW_MS,
} from '../unit/registry/rates/rates-fixture.ts'

/** Another /64 each, of which an attacker with a /32 has four thousand million. */
function networkOf(index: number): string {
  return `2001:db8:${(index >>> 16).toString(16)}:${(index & 0xffff).toString(16)}::1`
}

const AWAY = { increment: () => Promise.reject(new RegistryUnavailable('ECONNREFUSED')) }

describe('a flood of addresses', () => {
  it('does not grow memory without bound, whatever is sent', () => {
    const windows = new MemoryWindows({ clock: advancingClock(), windowMs: WINDOW_MS, maxKeys: 1000 })
    for (let index = 0; index < 20_000; index += 1) windows.count(networkOf(index))
    expect(windows.size).toBe(1000)
  })

  it.each([
    ['in a single process', null],
    ['while Redis is away', { registry: AWAY, whenUnavailable: 'allow' } as const],
  ])('shuts nobody out who comes after it, %s', async (_where, shared) => {
    const { rates } = openRates(perAddress(1), shared)
    for (let index = 0; index <= MAX_KEYS_IN_MEMORY; index += 1) await rates.limitAddress(networkOf(index))
    expect(await outcomeOf(rates.limitAddress('192.0.2.1'))).toBeNull()
    expect(await outcomeOf(rates.limitAddress('192.0.2.1'))).toMatchObject({ reason: 'rate-exceeded' })
    // It was counted to its end: the latest of it are over their limit, the first alone were forgotten.
    expect(await outcomeOf(rates.limitAddress(networkOf(MAX_KEYS_IN_MEMORY)))).toMatchObject({
      reason: 'rate-exceeded',
    })
    expect(await outcomeOf(rates.limitAddress(networkOf(0)))).toBeNull()
  })

  it('makes nobody forget what a certificate has sent', async () => {
    const { rates } = openRates({ ...perAddress(1), perCertificate: { requests: 1, windowMs: WINDOW_MS } })
    const pass = (): Promise<void> => rates.limitClient(clientWith('one'), () => [])
    await pass()
    for (let index = 0; index <= MAX_KEYS_IN_MEMORY; index += 1) await rates.limitAddress(networkOf(index))
    expect(await inTurn(1, pass)).toEqual(['rate-exceeded'])
  })

  it('is one address where it comes out of one network of a customer', async () => {
    const { rates } = openRates(perAddress(10))
    const outcomes: unknown[] = []
    for (let index = 0; index < 1000; index += 1)
      outcomes.push(await outcomeOf(rates.limitAddress(`2001:db8::${index.toString(16)}`)))
    expect(outcomes.filter((outcome) => outcome === null)).toHaveLength(10)
  })
})
