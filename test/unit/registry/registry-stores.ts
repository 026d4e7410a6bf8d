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

async function redisAt(to: string | RedisTopology, waitForReplicas = 0): Promise<Sights> {
  const timeouts = { connectTimeoutMs: 5_000, commandTimeoutMs: 5_000 }
  const shared = { keyPrefix: `test:${randomUUID()}`, ...timeouts, waitForReplicas }
  const [one, other] = [await connect(to, shared), await connect(to, shared)]
  return { one, other, pass: (ms) => sleep(ms + 20) }
}

/** Starts what a store needs, once for all of its tests, and says how to open it. */
export type Store = () => Promise<{ readonly open: () => Promise<Sights>; readonly stop: () => Promise<void> }>

const nothing: Store = () => Promise.resolve({ open: memory, stop: () => Promise.resolve() })
const shared: Store = () => Promise.resolve({ open: () => redisAt(inject('redisUrl')), stop: () => Promise.resolve() })
const cluster =
  (waitForReplicas: number): Store =>
  async () => {
    const servers = await startRedisCluster({ replicas: waitForReplicas > 0 })
    return { open: () => redisAt(clusterOf(servers), waitForReplicas), stop: servers.stop }
  }
const sentinel =
  (waitForReplicas: number): Store =>
  async () => {
    const servers = await startRedisUnderSentinel()
    return { open: () => redisAt(sentinelOf(servers), waitForReplicas), stop: servers.stop }
  }

/** All that hold the contract of a registry. */
export const STORES = [
  { name: 'memory', begin: nothing },
  { name: 'Redis', begin: shared },
  { name: 'Redis behind Sentinel', begin: sentinel(0) },
  { name: 'Redis behind Sentinel, with what its replica has', begin: sentinel(1) },
  { name: 'Redis Cluster', begin: cluster(0) },
  { name: 'Redis Cluster, with what its replicas have', begin: cluster(1) },
]
