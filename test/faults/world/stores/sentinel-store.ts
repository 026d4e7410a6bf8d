import { Redis } from 'ioredis'
import { startRedisServer, type RedisServer } from '../../../support/redis-server.ts'
import { PRIMARY_NAME, watch } from '../../../support/redis-sentinel.ts'
import type { Killable } from '../killable.ts'
import { FailingOver } from './failing-over.ts'
import { launchRedis } from './redis-node.ts'
import type { Store, StoreOptions } from './store.ts'

/** A primary and its replica, which change places when the primary dies, and a sentinel that lives through all of it. */
export function sentinelStore(
  { folder, killable }: StoreOptions,
  ports: readonly [number, number],
  onCrash: (what: string) => void,
): Store {
  let sentinel: RedisServer | null = null
  let asked: Redis | null = null
  const findPrimary = async (): Promise<number> => {
    const [, port] = (await asked?.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', PRIMARY_NAME)) as [string, string]
    return Number(port)
  }
  // Whoever comes back follows whoever is the primary by then.
  const launch = async (port: number): ReturnType<typeof launchRedis> => {
    const primary = asked === null ? ports[0] : await findPrimary()
    const following = primary === port ? [] : ['--replicaof', `127.0.0.1 ${primary}`]
    return launchRedis(folder, port, ['--repl-diskless-sync-delay', '0', ...following])
  }
  const nodes = new Map<number, Killable>(ports.map((port) => [port, killable(`Redis ${port}`, () => launch(port))]))
  const failingOver = new FailingOver({
    killPrimary: async (downMs) => void nodes.get(await findPrimary())?.kill(downMs),
    isWhole: async () => {
      await Promise.all([...nodes.values()].map((node) => node.whenUp()))
      return hasReplica(await findPrimary())
    },
    onCrash,
  })
  return {
    port: null,
    place: () => ({
      state: { sentinels: [`127.0.0.1:${sentinel?.port ?? 0}`], primaryName: PRIMARY_NAME, waitForReplicas: 1 },
      environment: {},
    }),
    start: async () => {
      for (const node of nodes.values()) await node.start()
      sentinel = await startRedisServer({ sentinel: watch(ports[0]) })
      asked = new Redis(sentinel.url)
      await failingOver.whenWhole()
    },
    kill: (downMs) => failingOver.begin(downMs),
    whenUp: () => failingOver.whenOver(),
    stop: async () => {
      await failingOver.whenOver()
      asked?.disconnect()
      for (const node of nodes.values()) await node.stop()
      await sentinel?.stop()
    },
  }
}

/** Asks a server that is the primary, as far as somebody says. */
export async function hasReplica(port: number): Promise<boolean> {
  const redis = new Redis(port, { lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: null })
  redis.on('error', () => undefined)
  try {
    const said = await redis.info('replication')
    return said.includes('role:master') && /slave0:.*state=online/.test(said)
  } finally {
    redis.disconnect()
  }
}
