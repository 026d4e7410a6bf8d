import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import type { RegistryState } from '../../../src/registry/redis-connection.ts'
import { RegistryUnavailable } from '../../../src/registry/registry-unavailable.ts'
import type { Registry } from '../../../src/registry/registry.ts'
import { type RedisCluster, startRedisCluster } from '../../support/redis-cluster.ts'
import { ENDLESS, LONG, PATIENCE, administrator, clusterOf, connect } from './redis-fixture.ts'

let cluster: RedisCluster
beforeAll(async () => (cluster = await startRedisCluster({ replicas: true })))
afterAll(() => cluster.stop())

const KEYS = Array.from({ length: 60 }, (_, index) => `software-${index}`)

async function claimAll(registry: Registry, owner: string): Promise<readonly PromiseSettledResult<unknown>[]> {
  return Promise.allSettled(KEYS.map((key) => registry.claim(`${owner} ${key}`, owner, LONG)))
}

it('a replica is not asked, nor connected to', async () => {
  await connect(clusterOf(cluster)) // which names the replicas as well
  for (const replica of cluster.nodes.slice(3)) {
    const redis = administrator(replica)
    // The administrator, and the primary (flags=M) that it follows.
    await vi.waitFor(async () => {
      const clients = String(await redis.client('LIST'))
        .trim()
        .split('\n')
      expect(clients.filter((client) => !client.includes('flags=M'))).toHaveLength(1)
    }, PATIENCE)
  }
})

it('a primary that dies takes its keys alone with it, at once, until its replica is found in its place', async () => {
  const states: RegistryState[] = []
  const registry = await connect(clusterOf(cluster), {
    commandTimeoutMs: ENDLESS,
    onStateChange: (state) => states.push(state),
  })
  const [dying] = cluster.nodes
  if (dying === undefined) throw new Error('no primary')
  const redis = administrator(dying)
  await redis.client('PAUSE', ENDLESS, 'WRITE')
  const underWay = KEYS.map((key) => registry.increment(key, LONG))
  const outcomes = Promise.allSettled(underWay)
  await vi.waitFor(async () => expect(await redis.info('clients')).toMatch(/blocked_clients:[1-9]/), PATIENCE)
  await dying.kill()
  const counted = await outcomes
  expect(new Set(counted.map(({ status }) => status))).toEqual(new Set(['fulfilled', 'rejected']))
  for (const outcome of counted)
    if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(RegistryUnavailable)
  const during = await claimAll(registry, 'during')
  expect(new Set(during.map(({ status }) => status))).toEqual(new Set(['fulfilled', 'rejected']))
  await expect(registry.ping()).rejects.toThrow(RegistryUnavailable)

  await vi.waitFor(async () => {
    const results = await claimAll(registry, `after-${states.length}`)
    expect(results.filter(({ status }) => status === 'rejected')).toEqual([])
  }, PATIENCE)
  await registry.ping()
  // Whatever was under way was not sent again to the new primary.
  for (const [index, { status }] of counted.entries())
    expect(await registry.increment(KEYS[index] ?? '', LONG)).toMatchObject({ count: status === 'fulfilled' ? 2 : 1 })
  // Told once per change: how often a cluster comes and goes while it fails over is its own affair.
  const told = states.map(({ available }) => available)
  expect(told.slice(0, 2)).toEqual([true, false])
  expect(told.every((available, index) => available === (index % 2 === 0))).toBe(true)
  expect(told.at(-1)).toBe(true)
})
