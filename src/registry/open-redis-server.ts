import { Redis, type RedisOptions } from 'ioredis'
import type { RedisSentinel, RedisSingle } from '../model/redis-topology.ts'
import { describeRedisFailure, describeSentinelFailure } from './describe-redis-failure.ts'
import { clientOptions, named, pauseMs, tlsOptions, type RedisTimeouts } from './redis-client-options.ts'
import type { RedisClient, RedisNews } from './redis-client.ts'

type ServerOptions = Omit<RedisOptions, 'replyMapping'>

/** One server, always the same or whichever the sentinels call the primary. */
export function openRedisServer(
  topology: RedisSingle | RedisSentinel,
  timeouts: RedisTimeouts,
  news: RedisNews,
): RedisClient {
  const special = topology.kind === 'single' ? singleOptions(topology) : sentinelOptions(topology, timeouts)
  const redis = new Redis({
    ...clientOptions(topology, timeouts),
    db: topology.database,
    enableOfflineQueue: false,
    retryStrategy: pauseMs,
    ...special,
  })
  const isPrimary = topology.kind === 'single' ? ready(redis, news) : proven(redis, news)
  let sentinelFailure: string | null = null
  redis.on('sentinelError', (failure: unknown) => (sentinelFailure = describeSentinelFailure(failure)))
  redis.on('error', (failure: unknown) => news.onFailure(describeRedisFailure(failure) ?? sentinelFailure))
  redis.on('connect', () => (sentinelFailure = null))
  redis.on('close', () => news.onFailure(null))
  return {
    commands: () => (isPrimary() ? redis : null),
    primaries: () => [redis],
    isWhole: isPrimary,
    relocate: () => undefined,
    ...lifeOf(redis),
  }
}

function singleOptions({ at, tls }: RedisSingle): ServerOptions {
  return { host: at.host, port: at.port, ...(tls === null ? {} : { tls: named(tlsOptions(tls), at.host) }) }
}

function sentinelOptions({ sentinels, sentinelAccess, primaryName, tls }: RedisSentinel, timeouts: RedisTimeouts) {
  const { user, password, tls: sentinelTls } = sentinelAccess
  return {
    sentinels: [...sentinels],
    name: primaryName,
    // Those that the operator named are asked, and get the password, and no others that somebody calls a sentinel.
    updateSentinels: false,
    sentinelRetryStrategy: pauseMs,
    sentinelCommandTimeout: timeouts.connectTimeoutMs,
    ...(user === null ? {} : { sentinelUsername: user }),
    ...(password === null ? {} : { sentinelPassword: password.reveal() }),
    ...(sentinelTls === null ? {} : { sentinelTLS: tlsOptions(sentinelTls) }),
    ...(tls === null ? {} : { tls: tlsOptions(tls), enableTLSForSentinelMode: true }),
  } satisfies ServerOptions
}

/** Always may be asked: a server that is away answers for itself. */
function ready(redis: Redis, news: RedisNews): () => boolean {
  redis.on('ready', news.onReady)
  return () => true
}

/**
 * A sentinel that missed a failover names the old primary, which would let itself be read; so whoever is named is asked for its role before
 * anything else (the last step of Redis' guidelines for Sentinel clients). When it is another, the next sentinel is asked.
 */
function proven(redis: Redis, news: RedisNews): () => boolean {
  let isProven = false
  const refuse = (detail: string | null): void => {
    news.onFailure(detail)
    if (redis.status === 'ready') redis.disconnect(true)
  }
  const accept = (): void => {
    isProven = true
    news.onReady()
  }
  redis.on('close', () => (isProven = false))
  redis.on('ready', () => {
    redis.role().then(
      ([role]) => (role === 'master' ? accept() : refuse('not the primary')),
      (failure: unknown) => refuse(describeRedisFailure(failure)),
    )
  })
  return () => isProven
}

/** The client gives up for good when it cannot even try, as with a port that is none from a sentinel: then it is woken again. */
function lifeOf(redis: Redis): Pick<RedisClient, 'connect' | 'close'> {
  let isClosed = false
  let waking: NodeJS.Timeout | undefined
  const connect = (): void => void redis.connect().catch(() => undefined)
  redis.on('end', () => {
    if (!isClosed) waking = setTimeout(connect, pauseMs(Infinity))
  })
  return {
    connect,
    close: () => {
      isClosed = true
      clearTimeout(waking)
      redis.disconnect()
    },
  }
}
