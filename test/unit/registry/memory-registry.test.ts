import { describe, expect, it } from 'vitest'
import { MemoryRegistry } from '../../../src/registry/memory-registry.ts'
import { RegistryUnavailable } from '../../../src/registry/registry-unavailable.ts'
import { advancingClock } from './advancing-clock.ts'

const FULL = new RegistryUnavailable('memory is full')

function registryOfTwo(): { registry: MemoryRegistry; advance: (milliseconds: number) => void } {
  const clock = advancingClock()
  return { registry: new MemoryRegistry({ clock, maxEntries: 2 }), advance: clock.advance }
}

describe('a registry in memory that is full', () => {
  it('refuses a new claim rather than forget a live one', async () => {
    const { registry } = registryOfTwo()
    await registry.claim('a', 'owner-1', 10)
    await registry.claim('b', 'owner-1', 20)
    await expect(registry.claim('c', 'owner-1', 10)).rejects.toThrow(FULL)
    expect(await registry.get('a')).not.toBeNull()
    expect(await registry.get('b')).not.toBeNull()
  })

  it('says of a key it holds that it is held, not that there is no room', async () => {
    const { registry } = registryOfTwo()
    await registry.claim('a', 'owner-1', 10)
    await registry.claim('b', 'owner-1', 10)
    expect(await registry.claim('a', 'owner-2', 10)).toEqual({ claimed: false })
  })

  it('has room again as each lifetime ends', async () => {
    const { registry, advance } = registryOfTwo()
    await registry.claim('a', 'owner-1', 10)
    await registry.claim('b', 'owner-1', 20)
    advance(10)
    expect(await registry.claim('c', 'owner-1', 1_000)).toEqual({ claimed: true })
    await expect(registry.claim('d', 'owner-1', 1_000)).rejects.toThrow(FULL)
    advance(10)
    expect(await registry.claim('d', 'owner-1', 1_000)).toEqual({ claimed: true })
    await expect(registry.claim('e', 'owner-1', 1_000)).rejects.toThrow(FULL)
  })

  it('has room again after a release', async () => {
    const { registry } = registryOfTwo()
    await registry.claim('a', 'owner-1', 10)
    await registry.claim('b', 'owner-1', 10)
    await registry.release('a', 'owner-1')
    expect(await registry.claim('c', 'owner-1', 10)).toEqual({ claimed: true })
  })

  it('confirms what it holds, and keeps what was confirmed for good', async () => {
    const { registry, advance } = registryOfTwo()
    await registry.claim('a', 'owner-1', 10)
    await registry.claim('b', 'owner-1', 10)
    expect(await registry.confirm('a', 'owner-1', 'client-7', null)).toBe(true)
    advance(1_000_000)
    expect(await registry.claim('c', 'owner-1', 10)).toEqual({ claimed: true })
    await expect(registry.claim('d', 'owner-1', 10)).rejects.toThrow(FULL)
    expect(await registry.get('a')).toEqual({ owner: 'owner-1', value: 'client-7' })
  })

  it('refuses a new counter and counts on with those it has', async () => {
    const { registry, advance } = registryOfTwo()
    await registry.increment('a', 10)
    await registry.increment('b', 10)
    await expect(registry.increment('c', 10)).rejects.toThrow(FULL)
    expect(await registry.increment('a', 10)).toEqual({ count: 2, remainingMs: 10 })
    advance(10)
    expect(await registry.increment('c', 10)).toEqual({ count: 1, remainingMs: 10 })
  })

  it('of counters still takes claims: a flood of addresses must not stop registrations', async () => {
    const { registry } = registryOfTwo()
    await registry.increment('a', 10)
    await registry.increment('b', 10)
    expect(await registry.claim('c', 'owner-1', 10)).toEqual({ claimed: true })
  })
})

describe('a lifetime in memory', () => {
  it('ends at its very millisecond', async () => {
    const { registry, advance } = registryOfTwo()
    await registry.claim('a', 'owner-1', 10)
    advance(9)
    expect(await registry.get('a')).not.toBeNull()
    advance(1)
    expect(await registry.get('a')).toBeNull()
  })
})
