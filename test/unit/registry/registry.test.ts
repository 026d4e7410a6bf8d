import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { RegistryUnavailable } from '../../../src/registry/registry-unavailable.ts'
import type { Registry } from '../../../src/registry/registry.ts'
import { STORES, type Sights, type Store } from './registry-stores.ts'

const LONG = 60_000
const SHORT = 100

describe.each(STORES)('a registry in $name', ({ begin }) => {
  let store: Awaited<ReturnType<Store>>
  let one: Registry
  let other: Registry
  let pass: Sights['pass']

  beforeAll(async () => (store = await begin()))
  afterAll(() => store.stop())

  beforeEach(async () => {
    ;({ one, other, pass } = await store.open())
  })

  afterEach(async () => {
    await Promise.all([one.close(), other.close()])
  })

  describe('claim', () => {
    it('takes a free key, for every process to see', async () => {
      expect(await one.claim('software', 'owner-1', LONG)).toEqual({ claimed: true })
      expect(await other.get('software')).toEqual({ owner: 'owner-1', value: null })
    })

    it.each(['owner', 'owner-1-', 'owner-2'])('refuses a key that owner-1 holds to %s', async (claimant) => {
      await one.claim('software', 'owner-1', LONG)
      expect(await other.claim('software', claimant, LONG)).toEqual({ claimed: false })
      expect(await one.get('software')).toEqual({ owner: 'owner-1', value: null })
    })

    it('gives its owner the key again, for another lifetime', async () => {
      await one.claim('software', 'owner-1', SHORT)
      expect(await other.claim('software', 'owner-1', LONG)).toEqual({ claimed: true })
      await pass(SHORT)
      expect(await one.get('software')).toEqual({ owner: 'owner-1', value: null })
    })

    it('gives its owner the confirmed key as it is: neither unconfirmed nor prolonged', async () => {
      await one.claim('software', 'owner-1', LONG)
      await one.confirm('software', 'owner-1', 'client-7', 5 * SHORT)
      expect(await other.claim('software', 'owner-1', LONG)).toEqual({ claimed: true })
      expect(await one.get('software')).toEqual({ owner: 'owner-1', value: 'client-7' })
      await pass(5 * SHORT)
      expect(await one.get('software')).toBeNull()
    })

    it('refuses a confirmed key as well', async () => {
      await one.claim('software', 'owner-1', LONG)
      await one.confirm('software', 'owner-1', 'client-7', LONG)
      expect(await other.claim('software', 'owner-2', LONG)).toEqual({ claimed: false })
      expect(await one.get('software')).toEqual({ owner: 'owner-1', value: 'client-7' })
    })

    it('lets exactly one of 100 claimants win that come at the same time from two processes', async () => {
      const owners = Array.from({ length: 100 }, (_, index) => `owner-${index}`)
      const claims = await Promise.all(
        owners.map((owner, index) => (index % 2 === 0 ? one : other).claim('software', owner, LONG)),
      )
      const winners = owners.filter((_, index) => claims[index]?.claimed)
      expect(winners).toHaveLength(1)
      expect(await one.get('software')).toEqual({ owner: winners[0], value: null })
    })

    it('is over when its lifetime is, and the key is free again', async () => {
      await one.claim('software', 'owner-1', SHORT)
      await pass(SHORT)
      expect(await one.get('software')).toBeNull()
      expect(await other.claim('software', 'owner-2', LONG)).toEqual({ claimed: true })
    })

    it('outlives any time shorter than its lifetime', async () => {
      await one.claim('software', 'owner-1', LONG)
      await pass(SHORT)
      expect(await one.get('software')).toEqual({ owner: 'owner-1', value: null })
    })
  })

  describe('confirm', () => {
    it('writes the value and gives the key a new lifetime', async () => {
      await one.claim('software', 'owner-1', SHORT)
      expect(await other.confirm('software', 'owner-1', 'client-7', LONG)).toBe(true)
      await pass(SHORT)
      expect(await one.get('software')).toEqual({ owner: 'owner-1', value: 'client-7' })
    })

    it('ends with its own lifetime, though the claim was longer', async () => {
      await one.claim('software', 'owner-1', LONG)
      await one.confirm('software', 'owner-1', 'client-7', SHORT)
      await pass(SHORT)
      expect(await one.get('software')).toBeNull()
    })

    it('keeps the key until it is released where no lifetime is given', async () => {
      await one.claim('software', 'owner-1', SHORT)
      expect(await one.confirm('software', 'owner-1', 'client-7', null)).toBe(true)
      await pass(SHORT)
      expect(await other.get('software')).toEqual({ owner: 'owner-1', value: 'client-7' })
      expect(await other.release('software', 'owner-1')).toBe(true)
    })

    it('replaces a value confirmed before', async () => {
      await one.claim('software', 'owner-1', LONG)
      await one.confirm('software', 'owner-1', 'client-7', LONG)
      expect(await one.confirm('software', 'owner-1', 'client-8', LONG)).toBe(true)
      expect(await one.get('software')).toEqual({ owner: 'owner-1', value: 'client-8' })
    })

    it('hands back any text', async () => {
      await one.claim('software', 'owner-1', LONG)
      const value = '{"client":"ä€😀"}\n\nsecond line\u0000'
      await one.confirm('software', 'owner-1', value, LONG)
      expect(await other.get('software')).toEqual({ owner: 'owner-1', value })
    })

    it('tells an empty value from none', async () => {
      await one.claim('software', 'owner-1', LONG)
      await one.confirm('software', 'owner-1', '', LONG)
      expect(await other.get('software')).toEqual({ owner: 'owner-1', value: '' })
    })

    it.each(['owner', 'owner-1-', 'owner-2'])('changes nothing for %s when owner-1 holds the key', async (stranger) => {
      await one.claim('software', 'owner-1', LONG)
      expect(await other.confirm('software', stranger, 'client-7', LONG)).toBe(false)
      expect(await one.get('software')).toEqual({ owner: 'owner-1', value: null })
    })

    it('makes no entry for a key that nobody holds', async () => {
      expect(await one.confirm('software', 'owner-1', 'client-7', LONG)).toBe(false)
      expect(await one.get('software')).toBeNull()
    })

    it('comes too late for an owner whose lifetime is over', async () => {
      await one.claim('software', 'owner-1', SHORT)
      await pass(SHORT)
      expect(await one.confirm('software', 'owner-1', 'client-7', LONG)).toBe(false)
    })
  })

  describe('release', () => {
    it('frees a claimed key at once', async () => {
      await one.claim('software', 'owner-1', LONG)
      expect(await other.release('software', 'owner-1')).toBe(true)
      expect(await one.get('software')).toBeNull()
      expect(await one.claim('software', 'owner-2', LONG)).toEqual({ claimed: true })
    })

    it('frees a confirmed key', async () => {
      await one.claim('software', 'owner-1', LONG)
      await one.confirm('software', 'owner-1', 'client-7', LONG)
      expect(await one.release('software', 'owner-1')).toBe(true)
      expect(await one.get('software')).toBeNull()
    })

    it.each(['owner', 'owner-1-', 'owner-2'])('frees nothing for %s when owner-1 holds the key', async (stranger) => {
      await one.claim('software', 'owner-1', LONG)
      expect(await other.release('software', stranger)).toBe(false)
      expect(await one.get('software')).toEqual({ owner: 'owner-1', value: null })
    })

    it('leaves the key to a later owner when the own lifetime is over', async () => {
      await one.claim('software', 'owner-1', SHORT)
      await pass(SHORT)
      await other.claim('software', 'owner-2', LONG)
      expect(await one.release('software', 'owner-1')).toBe(false)
      expect(await other.get('software')).toEqual({ owner: 'owner-2', value: null })
    })

    it('works for one of two that come at the same time', async () => {
      await one.claim('software', 'owner-1', LONG)
      const released = await Promise.all([one.release('software', 'owner-1'), other.release('software', 'owner-1')])
      expect(released.filter(Boolean)).toHaveLength(1)
    })
  })

  describe('increment', () => {
    it('counts every increment once, from wherever it comes', async () => {
      const counts = await Promise.all(
        Array.from({ length: 100 }, (_, index) => (index % 2 === 0 ? one : other).increment('address', LONG)),
      )
      const sorted = counts.map(({ count }) => count).sort((a, b) => a - b)
      expect(sorted).toEqual(Array.from({ length: 100 }, (_, index) => index + 1))
    })

    it('tells what remains of a window that later increments do not prolong', async () => {
      const first = await one.increment('address', LONG)
      expect(first.count).toBe(1)
      expect(first.remainingMs).toBeGreaterThan(LONG - SHORT)
      expect(first.remainingMs).toBeLessThanOrEqual(LONG)
      await pass(SHORT)
      const { count, remainingMs } = await one.increment('address', 2 * LONG)
      expect(count).toBe(2)
      expect(remainingMs).toBeGreaterThan(0)
      expect(remainingMs).toBeLessThanOrEqual(LONG - SHORT)
    })

    it('starts again at 1 when the window is over', async () => {
      await one.increment('address', SHORT)
      await pass(SHORT)
      expect(await one.increment('address', LONG)).toMatchObject({ count: 1 })
    })
  })

  describe('keys', () => {
    it.each(['', ' ', '}{', 'a\r\nFLUSHALL\r\n', '\u0000', 'ä€😀', 'x'.repeat(1_000_000)])(
      'may be any text, however long or odd (%#)',
      async (key) => {
        await one.claim(key, 'owner-1', LONG)
        expect(await other.get(key)).toEqual({ owner: 'owner-1', value: null })
        expect(await other.get(`${key}.`)).toBeNull()
        expect((await one.increment(key, LONG)).count).toBe(1)
        expect((await one.increment(`${key}.`, LONG)).count).toBe(1)
      },
    )

    it('of claims and of counters do not meet', async () => {
      await one.increment('same', LONG)
      expect(await one.get('same')).toBeNull()
      expect(await one.claim('same', 'owner-1', LONG)).toEqual({ claimed: true })
      expect(await one.increment('same', LONG)).toMatchObject({ count: 2 })
    })
  })

  describe('a programmer who gets an argument wrong', () => {
    it.each(['', 'line\nfeed', 'sp ace', 'x'.repeat(129)])('is told of the owner %j', async (owner) => {
      await expect(one.claim('software', owner, LONG)).rejects.toBeInstanceOf(RangeError)
      await expect(one.confirm('software', owner, 'client-7', LONG)).rejects.toBeInstanceOf(RangeError)
      await expect(one.release('software', owner)).rejects.toBeInstanceOf(RangeError)
    })

    it.each([0, -1, 1.5, NaN, Infinity])('is told of the lifetime %d', async (lifetimeMs) => {
      await expect(one.claim('software', 'owner-1', lifetimeMs)).rejects.toBeInstanceOf(RangeError)
      await expect(one.increment('address', lifetimeMs)).rejects.toBeInstanceOf(RangeError)
      await one.claim('software', 'owner-1', LONG)
      await expect(one.confirm('software', 'owner-1', 'client-7', lifetimeMs)).rejects.toBeInstanceOf(RangeError)
      expect(await one.get('software')).toEqual({ owner: 'owner-1', value: null })
    })

    it('is told of a value beyond 4096 characters', async () => {
      await one.claim('software', 'x'.repeat(128), LONG)
      await expect(one.confirm('software', 'x'.repeat(128), 'v'.repeat(4097), LONG)).rejects.toBeInstanceOf(RangeError)
      expect(await one.confirm('software', 'x'.repeat(128), 'v'.repeat(4096), LONG)).toBe(true)
    })
  })

  it('answers a ping', async () => {
    await expect(one.ping()).resolves.toBeUndefined()
  })

  it.each<[string, (registry: Registry) => Promise<unknown>]>([
    ['claim', (registry) => registry.claim('software', 'owner-1', LONG)],
    ['confirm', (registry) => registry.confirm('software', 'owner-1', 'client-7', LONG)],
    ['release', (registry) => registry.release('software', 'owner-1')],
    ['get', (registry) => registry.get('software')],
    ['increment', (registry) => registry.increment('address', LONG)],
    ['ping', (registry) => registry.ping()],
  ])('refuses to %s once it is closed', async (_, operation) => {
    await one.close()
    await expect(operation(one)).rejects.toThrow(new RegistryUnavailable('closed'))
  })
})
