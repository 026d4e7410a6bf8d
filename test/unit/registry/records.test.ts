import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { RegistryUnavailable } from '../../../src/registry/registry-unavailable.ts'
import type { Registry } from '../../../src/registry/registry.ts'
import { STORES, type Sights, type Store } from './registry-stores.ts'

const LONG = 60_000
const SHORT = 100
const nameOf = (text: string): string => text.padEnd(43, '_')
const NAME = nameOf('software-1')
const entry = (value: string, dueMs: number | null = null) => ({ value, dueMs })

describe.each(STORES)('records in $name', ({ begin }) => {
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

  describe('take', () => {
    it('gives the lease of a free record to one holder, who reads what is there', async () => {
      expect(await one.take(NAME, 'holder-1', LONG, null)).toEqual({ taken: true, record: null })
      expect(await other.take(NAME, 'holder-2', LONG, null)).toEqual({ taken: false })
      expect(await other.take(NAME, 'holder-2', LONG, 'fresh')).toEqual({ taken: false })
      expect(await other.read(NAME)).toBeNull()
    })

    it('writes what is fresh where nothing is, and nothing over what is', async () => {
      expect(await one.take(NAME, 'holder-1', LONG, 'fresh')).toEqual({ taken: true, record: 'fresh' })
      expect(await other.read(NAME)).toBe('fresh')
      await one.leave(NAME, 'holder-1')
      expect(await other.take(NAME, 'holder-2', LONG, 'fresher')).toEqual({ taken: true, record: 'fresh' })
    })

    it('gives its holder the lease again, for another lifetime', async () => {
      await one.take(NAME, 'holder-1', SHORT, null)
      expect(await other.take(NAME, 'holder-1', LONG, null)).toEqual({ taken: true, record: null })
      await pass(SHORT)
      expect(await one.take(NAME, 'holder-2', LONG, null)).toEqual({ taken: false })
    })

    it('gives the lease to the next when its lifetime is over', async () => {
      await one.take(NAME, 'holder-1', SHORT, null)
      await pass(SHORT)
      expect(await other.take(NAME, 'holder-2', LONG, null)).toEqual({ taken: true, record: null })
    })

    it('lets what is fresh go after twice the lifetime of the lease, and not before', async () => {
      await one.take(NAME, 'holder-1', 10 * SHORT, 'fresh')
      await pass(10 * SHORT)
      expect(await one.read(NAME)).toBe('fresh')
      await pass(10 * SHORT)
      expect(await one.read(NAME)).toBeNull()
    })

    it('lets exactly one of 100 win that come at the same time from two processes', async () => {
      const takings = await Promise.all(
        Array.from({ length: 100 }, (_, index) =>
          (index % 2 === 0 ? one : other).take(NAME, `h-${index}`, LONG, 'fresh'),
        ),
      )
      expect(takings.filter(({ taken }) => taken)).toHaveLength(1)
    })

    it('keeps records apart from claims and counters of the same key', async () => {
      await one.claim(NAME, 'owner-1', LONG)
      await one.increment(NAME, LONG)
      expect(await one.take(NAME, 'holder-1', LONG, 'fresh')).toEqual({ taken: true, record: 'fresh' })
      expect(await one.get(NAME)).toEqual({ owner: 'owner-1', value: null })
    })
  })

  describe('write', () => {
    it('writes a record to stay, whatever becomes of the lease', async () => {
      await one.take(NAME, 'holder-1', SHORT, 'fresh')
      expect(await one.write(NAME, 'holder-1', entry('written'), SHORT)).toBe(true)
      await pass(3 * SHORT)
      expect(await other.read(NAME)).toBe('written')
      expect(await other.take(NAME, 'holder-2', LONG, 'fresh')).toEqual({ taken: true, record: 'written' })
    })

    it('takes the lease for another time, or gives it back', async () => {
      await one.take(NAME, 'holder-1', SHORT, null)
      await one.write(NAME, 'holder-1', entry('a'), LONG)
      await pass(SHORT)
      expect(await other.take(NAME, 'holder-2', LONG, null)).toEqual({ taken: false })
      await one.write(NAME, 'holder-1', entry('b'), null)
      expect(await other.take(NAME, 'holder-2', LONG, null)).toEqual({ taken: true, record: 'b' })
    })

    it.each(['holder', 'holder-1-', 'holder-2'])(
      'changes nothing for %s when holder-1 has the lease',
      async (stranger) => {
        await one.take(NAME, 'holder-1', LONG, null)
        await one.write(NAME, 'holder-1', entry('written', 5), LONG)
        expect(await other.write(NAME, stranger, entry('stolen'), null)).toBe(false)
        expect(await other.forget(NAME, stranger)).toBe(false)
        expect(await other.leave(NAME, stranger)).toBe(false)
        expect(await one.read(NAME)).toBe('written')
        expect(await one.take(NAME, 'holder-3', LONG, null)).toEqual({ taken: false })
      },
    )

    it.each([null, 500])(
      'of one whose lease is over changes neither the record nor when it is due (%s)',
      async (dueMs) => {
        await one.take(NAME, 'holder-1', SHORT, null)
        await pass(SHORT)
        await other.take(NAME, 'holder-2', LONG, null)
        await other.write(NAME, 'holder-2', entry('of the next', 100), LONG)
        expect(await one.write(NAME, 'holder-1', entry('late', dueMs), null)).toBe(false)
        expect(await one.read(NAME)).toBe('of the next')
        expect(await one.due(100, 10)).toEqual([NAME])
      },
    )

    it('makes no record, and no name that somebody must look at for ever, without the lease', async () => {
      expect(await one.write(NAME, 'holder-1', entry('written', 100), null)).toBe(false)
      expect(await one.read(NAME)).toBeNull()
    })

    it('hands back any text of 400,000 characters', async () => {
      const value = `{"client":"ä€😀"}\n\u0000${'x'.repeat(399_000)}`
      await one.take(NAME, 'holder-1', LONG, null)
      await one.write(NAME, 'holder-1', entry(value), null)
      expect(await other.read(NAME)).toBe(value)
    })
  })

  describe('renew', () => {
    it('takes the lease for another time and leaves the record as it is', async () => {
      await one.take(NAME, 'holder-1', SHORT, null)
      await one.write(NAME, 'holder-1', entry('written', 5), SHORT)
      expect(await other.renew(NAME, 'holder-1', LONG)).toBe(true)
      await pass(SHORT)
      expect(await other.take(NAME, 'holder-2', LONG, null)).toEqual({ taken: false })
      expect(await one.read(NAME)).toBe('written')
      expect(await one.due(5, 10)).toEqual([NAME])
    })

    it('gives nobody a lease that he does not have: neither whose is over nor a stranger', async () => {
      await one.take(NAME, 'holder-1', SHORT, null)
      expect(await other.renew(NAME, 'holder-2', LONG)).toBe(false)
      await pass(SHORT)
      expect(await one.renew(NAME, 'holder-1', LONG)).toBe(false)
      expect(await other.take(NAME, 'holder-2', LONG, null)).toEqual({ taken: true, record: null })
    })
  })

  describe('forget and leave', () => {
    it('remove record and lease, or the lease alone', async () => {
      await one.take(NAME, 'holder-1', LONG, null)
      await one.write(NAME, 'holder-1', entry('written', 5), LONG)
      expect(await one.leave(NAME, 'holder-1')).toBe(true)
      expect(await other.take(NAME, 'holder-2', LONG, null)).toEqual({ taken: true, record: 'written' })
      expect(await other.forget(NAME, 'holder-2')).toBe(true)
      expect(await one.read(NAME)).toBeNull()
      expect(await one.due(10, 10)).toEqual([])
      expect(await one.page(null, 100)).toMatchObject({ names: [] })
      expect(await one.take(NAME, 'holder-3', LONG, null)).toEqual({ taken: true, record: null })
    })

    it('come too late for one whose lease is over: what the next wrote stays, and is told of when due', async () => {
      await one.take(NAME, 'holder-1', SHORT, null)
      await pass(SHORT)
      await other.take(NAME, 'holder-2', LONG, null)
      await other.write(NAME, 'holder-2', entry('of the next', 5), LONG)
      expect(await one.forget(NAME, 'holder-1')).toBe(false)
      expect(await one.leave(NAME, 'holder-1')).toBe(false)
      expect(await one.read(NAME)).toBe('of the next')
      expect(await one.due(5, 10)).toEqual([NAME])
    })
  })

  describe('due', () => {
    it('tells names whose time has come, earliest first, and no more than asked for', async () => {
      for (const [text, dueMs] of [
        ['c', 30],
        ['a', 10],
        ['b', 20],
        ['never', null],
        ['later', 40],
      ] as const) {
        await one.take(nameOf(text), 'holder-1', LONG, null)
        await one.write(nameOf(text), 'holder-1', entry('written', dueMs), null)
      }
      expect(await other.due(9, 10)).toEqual([])
      expect(await other.due(30, 10)).toEqual(['a', 'b', 'c'].map(nameOf))
      expect(await other.due(1_000_000, 2)).toEqual(['a', 'b'].map(nameOf))
    })

    it('follows the latest that was written', async () => {
      await one.take(NAME, 'holder-1', LONG, null)
      await one.write(NAME, 'holder-1', entry('a', 10), LONG)
      await one.write(NAME, 'holder-1', entry('b', 20), LONG)
      expect(await other.due(19, 10)).toEqual([])
      await one.write(NAME, 'holder-1', entry('c'), LONG)
      expect(await other.due(1_000_000, 10)).toEqual([])
      await one.write(NAME, 'holder-1', entry('d', 5), null)
      expect(await other.due(5, 10)).toEqual([NAME])
    })

    it('never tells of what is only fresh', async () => {
      await one.take(NAME, 'holder-1', LONG, 'fresh')
      expect(await one.due(Number.MAX_SAFE_INTEGER, 10)).toEqual([])
      expect((await one.page(null, 10)).names).toEqual([])
    })
  })

  it('pages through every name there is, due or not', async () => {
    const names = Array.from({ length: 250 }, (_, index) => nameOf(`software-${index}`))
    for (const name of names) {
      await one.take(name, 'holder-1', LONG, null)
      await one.write(name, 'holder-1', entry('written', name.endsWith('1') ? 10 : null), null)
    }
    const seen = new Set<string>()
    let after: string | null = null
    do {
      const page: Awaited<ReturnType<Registry['page']>> = await other.page(after, 50)
      for (const name of page.names) seen.add(name)
      after = page.next
    } while (after !== null)
    expect(seen).toEqual(new Set(names))
  })

  describe('a programmer who gets an argument wrong', () => {
    it.each(['', 'short', 'x'.repeat(44), `${'x'.repeat(42)}}`, `${'x'.repeat(42)}\n`])(
      'is told of the name %j',
      async (name) => {
        await expect(one.take(name, 'holder-1', LONG, null)).rejects.toBeInstanceOf(RangeError)
        await expect(one.write(name, 'holder-1', entry('a'), LONG)).rejects.toBeInstanceOf(RangeError)
        await expect(one.forget(name, 'holder-1')).rejects.toBeInstanceOf(RangeError)
        await expect(one.leave(name, 'holder-1')).rejects.toBeInstanceOf(RangeError)
        await expect(one.renew(name, 'holder-1', LONG)).rejects.toBeInstanceOf(RangeError)
        await expect(one.read(name)).rejects.toBeInstanceOf(RangeError)
      },
    )

    it.each(['', 'x'.repeat(400_001)])('is told of a record that is empty or too long (%#)', async (value) => {
      await expect(one.take(NAME, 'holder-1', LONG, value)).rejects.toBeInstanceOf(RangeError)
      await expect(one.write(NAME, 'holder-1', entry(value), LONG)).rejects.toBeInstanceOf(RangeError)
    })

    it.each([0, -1, 1.5, NaN])('is told of the lifetime %d', async (lifetimeMs) => {
      await expect(one.take(NAME, 'holder-1', lifetimeMs, null)).rejects.toBeInstanceOf(RangeError)
      await expect(one.write(NAME, 'holder-1', entry('a'), lifetimeMs)).rejects.toBeInstanceOf(RangeError)
      await expect(one.renew(NAME, 'holder-1', lifetimeMs)).rejects.toBeInstanceOf(RangeError)
    })

    it('is told of the holder', async () => {
      await expect(one.take(NAME, 'two words', LONG, null)).rejects.toBeInstanceOf(RangeError)
      await expect(one.write(NAME, 'line\nfeed', entry('a'), LONG)).rejects.toBeInstanceOf(RangeError)
      await expect(one.forget(NAME, '')).rejects.toBeInstanceOf(RangeError)
      await expect(one.leave(NAME, 'x'.repeat(129))).rejects.toBeInstanceOf(RangeError)
    })
  })

  it.each<[string, (registry: Registry) => Promise<unknown>]>([
    ['take', (registry) => registry.take(NAME, 'holder-1', LONG, null)],
    ['write', (registry) => registry.write(NAME, 'holder-1', entry('a'), null)],
    ['forget', (registry) => registry.forget(NAME, 'holder-1')],
    ['renew', (registry) => registry.renew(NAME, 'holder-1', LONG)],
    ['leave', (registry) => registry.leave(NAME, 'holder-1')],
    ['read', (registry) => registry.read(NAME)],
    ['tell what is due', (registry) => registry.due(0, 1)],
    ['page', (registry) => registry.page(null, 1)],
  ])('refuses to %s once it is closed', async (_, operation) => {
    await one.close()
    await expect(operation(one)).rejects.toThrow(new RegistryUnavailable('closed'))
  })
})
