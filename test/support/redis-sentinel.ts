import { Redis } from 'ioredis'
import { setTimeout as sleep } from 'node:timers/promises'
import { type RedisServer, type RedisServerOptions, startRedisServer } from './redis-server.ts'

export const PRIMARY_NAME = 'dcr'

export interface RedisUnderSentinel {
  readonly primary: RedisServer
  readonly replica: RedisServer
  /** One, on whose word alone the replica is promoted. */
  readonly sentinel: RedisServer
  readonly stop: () => Promise<void>
}

export interface RedisUnderSentinelOptions {
  /** Of the primary and the replica. */
  readonly settings?: readonly string[]
  /** Lines of the sentinel's configuration. */
  readonly sentinel?: readonly string[]
  readonly tls?: RedisServerOptions['tls']
  /** Makes the administrator's connections. */
  readonly administer?: (server: RedisServer) => Redis
}

const DOWN_AFTER_MS = 500
const LONGEST_START_MS = 15_000

/** Starts a primary, its replica and a sentinel, and resolves when the sentinel knows of both. */
export async function startRedisUnderSentinel(options: RedisUnderSentinelOptions = {}): Promise<RedisUnderSentinel> {
  const { settings = [], administer = (server: RedisServer) => new Redis(server.url) } = options
  const tls = options.tls === undefined ? {} : { tls: options.tls }
  const overTls = options.tls === undefined ? [] : ['--tls-replication', 'yes']
  const all = [...settings, ...overTls, '--repl-diskless-sync-delay', '0']
  const primary = await startRedisServer({ ...tls, settings: all })
  const following = ['--replicaof', `127.0.0.1 ${primary.port}`]
  const replica = await startRedisServer({ ...tls, settings: [...all, ...following] })
  const watched = [...watch(primary.port), ...(options.sentinel ?? [])]
  const sentinel = await startRedisServer({ ...tls, settings: overTls, sentinel: watched })
  const redis = administer(sentinel)
  const end = Date.now() + LONGEST_START_MS
  while (!(await knowsReplica(redis))) {
    if (Date.now() > end) throw new Error('the sentinel does not find the replica')
    await sleep(25)
  }
  redis.disconnect()
  const servers = [primary, replica, sentinel]
  const stop = async (): Promise<void> => {
    await Promise.all(servers.map((one) => one.stop()))
  }
  return { primary, replica, sentinel, stop }
}

/** Lines of the sentinel's configuration. */
export function watch(port: number): readonly string[] {
  return [
    `sentinel monitor ${PRIMARY_NAME} 127.0.0.1 ${port} 1`,
    `sentinel down-after-milliseconds ${PRIMARY_NAME} ${DOWN_AFTER_MS}`,
    `sentinel failover-timeout ${PRIMARY_NAME} 2000`,
  ]
}

/** With its link to the primary up: otherwise it is not promoted. */
async function knowsReplica(redis: Redis): Promise<boolean> {
  const replicas = JSON.stringify(await redis.call('SENTINEL', 'REPLICAS', PRIMARY_NAME))
  return replicas.includes('"master-link-status","ok"')
}
