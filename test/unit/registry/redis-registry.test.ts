import { describe, expect, it, vi } from 'vitest'
import { RegistryUnavailable } from '../../../src/registry/registry-unavailable.ts'
import { LONG, OPERATIONS, PATIENCE, administrator, connect, start } from './redis-fixture.ts'

describe('what the registry writes to Redis', () => {
  it('is named by prefix and hash, and has a lifetime unless it was confirmed for good', async () => {
    const server = await start()
    const registry = await connect(server.url)
    await registry.claim('claimed', 'owner-1', LONG)
    await registry.claim('confirmed', 'owner-1', LONG)
    await registry.confirm('confirmed', 'owner-1', 'client-7', LONG)
    await registry.increment('counted', LONG)
    const redis = administrator(server)
    const names = await redis.keys('*')
    expect(names).toHaveLength(3)
    for (const name of names) {
      expect(name).toMatch(/^gateway:\{[0-9a-f]{64}\}:(claim|count)$/)
      expect(await redis.pttl(name)).toBeGreaterThan(0)
    }
    await registry.confirm('confirmed', 'owner-1', 'client-7', null)
    expect((await Promise.all(names.map((name) => redis.pttl(name)))).filter((pttl) => pttl === -1)).toHaveLength(1)
  })

  it('of gateways with different prefixes does not meet', async () => {
    const server = await start()
    const [one, other] = [await connect(server.url), await connect(server.url, { keyPrefix: 'another' })]
    await one.claim('software', 'owner-1', LONG)
    expect(await other.claim('software', 'owner-2', LONG)).toEqual({ claimed: true })
  })

  it('goes to the database that the URL names', async () => {
    const server = await start()
    const registry = await connect(`${server.url}/3`)
    await registry.claim('software', 'owner-1', LONG)
    const redis = administrator(server)
    expect(await redis.dbsize()).toBe(0)
    await redis.select(3)
    expect(await redis.dbsize()).toBe(1)
  })

  it('is taken by a Redis in cluster mode', async () => {
    const server = await start({ settings: ['--cluster-enabled', 'yes'] })
    const redis = administrator(server)
    await redis.call('CLUSTER', 'ADDSLOTSRANGE', 0, 16383)
    await vi.waitFor(async () => expect(await redis.cluster('INFO')).toContain('cluster_state:ok'), PATIENCE)
    const registry = await connect(server.url)
    for (const operation of OPERATIONS) await operation(registry)
  })

  it('is refused when Redis has no memory left', async () => {
    const server = await start({ settings: ['--maxmemory', '1', '--maxmemory-policy', 'noeviction'] })
    const registry = await connect(server.url)
    const full = new RegistryUnavailable('OOM')
    await expect(registry.claim('software', 'owner-1', LONG)).rejects.toThrow(full)
    await expect(registry.increment('address', LONG)).rejects.toThrow(full)
  })
})

it.each(['', 'a{b}', 'with space', 'x'.repeat(65)])('a key prefix is not %j', async (keyPrefix) => {
  await expect(connect('redis://localhost', { keyPrefix })).rejects.toBeInstanceOf(RangeError)
})
