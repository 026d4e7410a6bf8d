import { expect, it } from 'vitest'
import { ExpiringMap } from '../../../src/registry/expiring-map.ts'

it('refuses a flood of new keys without looking through all live entries each time', () => {
  const many = 100_000
  const map = new ExpiringMap<null>(many)
  map.set('first', { value: null, expiresAtMs: 1 }, 0)
  for (let index = 0; index < many; index += 1) map.set(`live ${index}`, { value: null, expiresAtMs: 10 }, 1)
  // Looking through them would take 10 000 000 000 steps, far beyond the time limit of a test.
  for (let index = 0; index < many; index += 1) {
    if (map.set(`new ${index}`, { value: null, expiresAtMs: 10 }, 2)) expect.fail('a live entry was pushed out')
  }
  expect(map.set('late', { value: null, expiresAtMs: 20 }, 10)).toBe(true)
})
