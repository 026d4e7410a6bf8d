import { once } from 'node:events'
import type { Server } from 'node:net'
import { Redis } from 'ioredis'
import { expect, onTestFinished } from 'vitest'
import { parseRedisUrl } from '../../../src/model/parse-redis-url.ts'
import type {
  RedisAccess,
  RedisCluster,
  RedisSentinel,
  RedisSingle,
  RedisTls,
  RedisTopology,
} from '../../../src/model/redis-topology.ts'
import { Secret } from '../../../src/model/secret.ts'
import { type RedisRegistryOptions, connectRedisRegistry } from '../../../src/registry/redis-registry.ts'
import type { Registry } from '../../../src/registry/registry.ts'
import { PRIMARY_NAME } from '../../support/redis-sentinel.ts'
import { type RedisServer, type RedisServerOptions, startRedisServer } from '../../support/redis-server.ts'

export const LONG = 60_000
/** Far beyond the time limit of a test: what ends sooner did not wait for it. */
export const ENDLESS = 600_000
export const PATIENCE = { timeout: 15_000, interval: 50 }

/** A server for one test, gone after it. */
export async function start(options?: RedisServerOptions): Promise<RedisServer> {
  const server = await startRedisServer(options)
  onTestFinished(server.stop)
  return server
}

const PUBLIC: RedisTls = { ca: null, clientCertificate: null }

/** @throws TypeError for a URL that is none of Redis */
export function singleAt(url: string, tls: Partial<RedisTls> = {}): RedisSingle {
  const address = parseRedisUrl(new Secret(url))
  if (address === null) throw new TypeError('no URL of Redis')
  const { host, port, ...rest } = address
  return { kind: 'single', at: { host, port }, ...rest, tls: address.tls ? { ...PUBLIC, ...tls } : null }
}

const NOBODY: RedisAccess = { user: null, password: null, tls: null }

export function clusterOf(
  { nodes }: { readonly nodes: readonly { readonly port: number }[] },
  access: Partial<RedisAccess> = {},
): RedisCluster {
  const places = nodes.map(({ port }) => ({ host: '127.0.0.1', port }))
  return { kind: 'cluster', nodes: places, ...NOBODY, ...access }
}

export function sentinelOf(
  { sentinel }: { readonly sentinel: { readonly port: number } },
  {
    sentinelAccess,
    ...others
  }: Partial<Omit<RedisSentinel, 'sentinelAccess'>> & { readonly sentinelAccess?: Partial<RedisAccess> } = {},
): RedisSentinel {
  return {
    ...{ kind: 'sentinel', primaryName: PRIMARY_NAME, database: 0, ...NOBODY },
    sentinels: [{ host: '127.0.0.1', port: sentinel.port }],
    sentinelAccess: { ...NOBODY, ...sentinelAccess },
    ...others,
  }
}

export async function connect(
  to: string | RedisTopology,
  { ca = null, clientCertificate = null, ...options }: Partial<RedisRegistryOptions & RedisTls> = {},
): Promise<Registry> {
  const registry = await connectRedisRegistry({
    topology: typeof to === 'string' ? singleAt(to, { ca, clientCertificate }) : to,
    keyPrefix: 'gateway',
    connectTimeoutMs: 2_000,
    commandTimeoutMs: 2_000,
    waitForReplicas: 0,
    onStateChange: () => undefined,
    ...options,
  })
  onTestFinished(() => registry.close())
  return registry
}

/** A connection with all rights; call it in a test, or before all of them. */
export function administrator(server: RedisServer): Redis {
  const redis = new Redis(server.url).on('error', () => undefined) // its server may be killed
  onTestFinished(() => redis.disconnect())
  return redis
}

export async function listen(server: Server, host = 'localhost'): Promise<number> {
  server.listen(0, host)
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port was given')
  return address.port
}

/** Each operation once, in an order in which all of them find something to do. */
export const OPERATIONS: readonly ((registry: Registry) => Promise<unknown>)[] = [
  (registry) => registry.claim('software', 'owner-1', LONG),
  (registry) => registry.confirm('software', 'owner-1', 'client-7', LONG),
  (registry) => registry.get('software'),
  (registry) => registry.release('software', 'owner-1'),
  (registry) => registry.increment('address', LONG),
  (registry) => registry.ping(),
]

/** What each operation fails with, all of them begun at the same time. */
export async function failuresOf(registry: Registry): Promise<unknown[]> {
  const results = await Promise.allSettled(OPERATIONS.map((operation) => operation(registry)))
  return results.map((result): unknown => (result.status === 'rejected' ? result.reason : 'no failure'))
}

export function allUnavailable(detail: unknown): unknown[] {
  return OPERATIONS.map(() => expect.objectContaining({ name: 'RegistryUnavailable', detail }) as unknown)
}
