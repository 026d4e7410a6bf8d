import { isIP } from 'node:net'
import { type ConnectionOptions, createSecureContext } from 'node:tls'
import type { RedisOptions } from 'ioredis'
import type { RedisAccess, RedisTls } from '../model/redis-topology.ts'
import { describeRedisFailure } from './describe-redis-failure.ts'

export interface RedisTimeouts {
  readonly connectTimeoutMs: number
  readonly commandTimeoutMs: number
}

/** A new primary is found within a second of its promotion. */
const LONGEST_PAUSE_MS = 1_000

export function pauseMs(attempt: number): number {
  return Math.min(50 * 2 ** Math.min(attempt - 1, 10), LONGEST_PAUSE_MS)
}

/** What every connection has in common, whoever is at its other end. */
export function clientOptions({ user, password }: RedisAccess, { connectTimeoutMs, commandTimeoutMs }: RedisTimeouts) {
  return {
    ...(user === null ? {} : { username: user }),
    ...(password === null ? {} : { password: password.reveal() }),
    lazyConnect: true,
    connectTimeout: connectTimeoutMs,
    commandTimeout: commandTimeoutMs,
    // A connection that died without a word (a firewall that forgot it, a node that lost power) would be written to for many minutes.
    socketTimeout: 2 * commandTimeoutMs,
    // A command belongs to one request and one moment: it fails at once rather than wait, and is never sent a second time.
    maxRetriesPerRequest: 0,
    // After a failover the old primary may live on, read-only, under this connection; a new one finds the new primary.
    reconnectOnError: (failure: Error) => describeRedisFailure(failure) === 'READONLY',
    // INFO and CLIENT need rights that a registry does not; a Redis that is still loading says so to every command.
    enableReadyCheck: false,
    disableClientInfo: true,
  } satisfies RedisOptions
}

/** Makes the context here, once: a key that does not fit must stop the start, not the reconnecting. */
export function tlsOptions({ ca, clientCertificate }: RedisTls): ConnectionOptions {
  const trust = ca === null ? {} : { ca }
  const own =
    clientCertificate === null
      ? {}
      : { cert: clientCertificate.certificate, key: clientCertificate.privateKey.reveal() }
  return { secureContext: createSecureContext({ ...trust, ...own }) }
}

/** The server may stand with others behind one address (RFC 6066 section 3). */
export function named(tls: ConnectionOptions, host: string): ConnectionOptions {
  return isIP(host) === 0 ? { ...tls, servername: host } : tls
}
