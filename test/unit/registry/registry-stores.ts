import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { inject } from 'vitest'
import type { RedisTopology } from '../../../src/model/redis-topology.ts'
import { MemoryRegistry } from '../../../src/registry/memory-registry.ts'
import type { Registry } from '../../../src/registry/registry.ts'
import { startRedisCluster } from '../../support/redis-cluster.ts'
import { startRedisUnderSentinel } from '../../support/redis-sentinel.ts'
import { advancingClock } from './advancing-clock.ts'
import { clusterOf, connect, sentinelOf } from './redis-fixture.ts'

/** Two sights of one store, as two processes have them, and a way to let time pass. */
export interface Sights {
  readonly one: Registry
  readonly other: Registry
  readonly pass: (milliseconds: number) => Promise<void>
}

function memory(): Promise<Sights> {
  const clock = advancingClock()
  const registry = new MemoryRegistry({ clock, maxEntries: 1000 })
  return Promise.resolve({
    one: registry,
    other: registry,
    pass: (ms) => {
      clock.advance(ms)
      return Promise.resolve()
    },
  })
}

async function redisAt(to: string | RedisTopology): Promise<Sights> {
  const shared = { keyPrefix: `test:${randomUUID()}`, connectTimeoutMs: 5_000, commandTimeoutMs: 5_000 }
  const [one, other] = [await connect(to, shared), await connect(to, shared)]
  return { one, other, pass: (ms) => sleep(ms + 20) }
}

/** Starts what a store needs, once for all of its tests, and says how to open it. */
export type Store = () => Promise<{ readonly open: () => Promise<Sights>; readonly stop: () => Promise<void> }>

const nothing: Store = () => Promise.resolve({ open: memory, stop: () => Promise.resolve() })
const shared: Store = () => Promise.resolve({ open: () => redisAt(inject('redisUrl')), stop: () => Promise.resolve() })
const cluster: Store = async () => {
  const servers = await startRedisCluster()
  return { open: () => redisAt(clusterOf(servers)), stop: servers.stop }
}
const sentinel: Store = async () => {
  const servers = await startRedisUnderSentinel()
  return { open: () => redisAt(sentinelOf(servers)), stop: servers.stop }
}

/** All that hold the contract of a registry. */
export const STORES = [
  { name: 'memory', begin: nothing },
  { name: 'Redis', begin: shared },
  { name: 'Redis behind Sentinel', begin: sentinel },
  { name: 'Redis Cluster', begin: cluster },
]
