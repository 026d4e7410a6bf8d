import { Redis } from 'ioredis'
import { clusterSettings, joinCluster } from '../../../support/redis-cluster.ts'
import { FailingOver } from './failing-over.ts'
import { launchRedis } from './redis-node.ts'
import { hasReplica } from './sentinel-store.ts'
import type { Store, StoreOptions } from './store.ts'

const PRIMARIES = 3

/** Three primaries and a replica of each; primaries die in turn. Ports are pairs, of a node and of its bus. */
export function clusterStore(
  { folder, killable }: StoreOptions,
  ports: readonly number[],
  onCrash: (what: string) => void,
): Store {
  const places = Array.from({ length: 2 * PRIMARIES }, (_, index) => ({
    port: ports[2 * index] ?? 0,
    busPort: ports[2 * index + 1] ?? 0,
  }))
  const nodes = places.map(({ port, busPort }) => ({
    port,
    process: killable(`Redis ${port}`, () => launchRedis(folder, port, clusterSettings(busPort))),
  }))
  let turn = 0
  const primaries = async (): Promise<readonly (typeof nodes)[number][]> => {
    const are = await Promise.all(nodes.map(({ port }) => hasReplica(port).catch(() => false)))
    return nodes.filter((_, index) => are[index])
  }
  const failingOver = new FailingOver({
    killPrimary: async (downMs) => {
      const alive = await primaries()
      alive[turn++ % alive.length]?.process.kill(downMs)
    },
    isWhole: async () => {
      await Promise.all(nodes.map(({ process }) => process.whenUp()))
      return (await primaries()).length === PRIMARIES && (await Promise.all(nodes.map(isAgreed))).every(Boolean)
    },
    onCrash,
  })
  return {
    port: null,
    place: () => ({
      state: { nodes: places.map(({ port }) => `127.0.0.1:${port}`), waitForReplicas: 1 },
      environment: {},
    }),
    start: async () => {
      await Promise.all(nodes.map(({ process }) => process.start()))
      const redis = places.map(({ port }) => new Redis(port))
      try {
        await joinCluster(redis, places)
      } finally {
        redis.forEach((one) => one.disconnect())
      }
      await failingOver.whenWhole()
    },
    kill: (downMs) => failingOver.begin(downMs),
    whenUp: () => failingOver.whenOver(),
    stop: async () => {
      await failingOver.whenOver()
      for (const { process } of nodes) await process.stop()
    },
  }
}

async function isAgreed({ port }: { readonly port: number }): Promise<boolean> {
  const redis = new Redis(port, { lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: null })
  redis.on('error', () => undefined)
  try {
    return (await redis.cluster('INFO')).includes('cluster_state:ok')
  } finally {
    redis.disconnect()
  }
}
