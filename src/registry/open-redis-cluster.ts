import { Cluster, type Redis } from 'ioredis'
import type { RedisCluster } from '../model/redis-topology.ts'
import { describeRedisFailure } from './describe-redis-failure.ts'
import { clientOptions, named, pauseMs, tlsOptions, type RedisTimeouts } from './redis-client-options.ts'
import type { RedisClient, RedisNews } from './redis-client.ts'

/** For what no command runs into, such as a primary that came back where nobody asks. */
const SLOTS_REFRESH_INTERVAL_MS = 5_000

/** The primaries of a cluster, one connection each; replicas are never asked, because they lag behind. */
export function openRedisCluster(topology: RedisCluster, timeouts: RedisTimeouts, news: RedisNews): RedisClient {
  const cluster = new Cluster([...topology.nodes], clusterOptions(topology, timeouts))
  const isWhole = (): boolean => cluster.status === 'ready' && hasAllSlots(cluster)
  const tellIfWhole = (): void => {
    if (isWhole()) news.onReady()
  }
  const tellIfBroken = (detail: string | null): void => {
    if (!isWhole()) news.onFailure(detail)
  }
  cluster.on('+node', (node: Redis) => {
    node.on('ready', tellIfWhole)
    prepare(node)
  })
  cluster.on('refresh', () => {
    for (const replica of cluster.nodes('slave')) replica.disconnect()
    tellIfWhole()
  })
  cluster.on('ready', tellIfWhole)
  cluster.on('node error', (failure: unknown) => tellIfBroken(describeRedisFailure(failure)))
  cluster.on('-node', () => tellIfBroken(null))
  cluster.on('error', () => news.onFailure(null))
  return {
    commands: () => cluster,
    primaries: () => cluster.nodes('master'),
    isWhole,
    relocate: () => cluster.refreshSlotsCache(),
    connect: () => void cluster.connect().catch(() => undefined),
    close: () => cluster.disconnect(),
  }
}

function clusterOptions({ tls, ...access }: RedisCluster, timeouts: RedisTimeouts) {
  return {
    redisOptions: { ...clientOptions({ ...access, tls }, timeouts), ...(tls === null ? {} : { tls: tlsOptions(tls) }) },
    lazyConnect: true,
    enableOfflineQueue: false,
    // It asks for CLUSTER INFO; a cluster that is down says so to every command.
    enableReadyCheck: false,
    scaleReads: 'master',
    clusterRetryStrategy: pauseMs,
    slotsRefreshTimeout: timeouts.connectTimeoutMs,
    slotsRefreshInterval: SLOTS_REFRESH_INTERVAL_MS,
    // Certificates are for the names that the operator wrote, not for the addresses these have today.
    dnsLookup: (name: string, done: (error: null, address: string) => void) => done(null, name),
    ...repeats(),
  } as const
}

/**
 * A node that refuses a command for another node to do (MOVED, ASK), or for a key that is on its way there (TRYAGAIN), has done nothing of
 * it: only then it is sent again. A command whose connection broke may have been done, and one that met a cluster that is down would be
 * done when nobody waits for it any more.
 */
function repeats() {
  return { maxRedirections: 4, retryDelayOnTryAgain: 50, retryDelayOnFailover: 0, retryDelayOnClusterDown: 0 }
}

/** Nodes would connect with the first command, which then waited for it and was sent however late. */
function prepare(node: Redis): void {
  const { host, tls, readOnly } = node.options
  if (readOnly === true) return
  if (tls !== undefined && host !== undefined) node.options.tls = named(tls, host)
  const asking = node.asking.bind(node)
  // Nobody looks at the outcome of an ASKING: when it fails with its connection, that would end the process.
  node.asking = () => {
    const outcome = asking()
    outcome.catch(() => undefined)
    return outcome
  }
  node.connect().catch(() => undefined)
}

function hasAllSlots(cluster: Cluster): boolean {
  const ready = new Set(
    cluster
      .nodes('master')
      .flatMap(({ status, options }) => (status === 'ready' ? [`${options.host}:${options.port}`] : [])),
  )
  return cluster.slots.length > 0 && cluster.slots.every(([primary]) => primary !== undefined && ready.has(primary))
}
