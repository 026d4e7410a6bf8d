import type { Secret } from './secret.ts'

/** What the two ends of a TLS connection show each other; PEM texts. */
export interface RedisTls {
  /** Null for the public authorities that Node ships. */
  readonly ca: string | null
  /** For a Redis that demands one, as it does by default with TLS. */
  readonly clientCertificate: { readonly certificate: string; readonly privateKey: Secret } | null
}

/** How servers are spoken to. */
export interface RedisAccess {
  /** Null for the user that Redis calls `default`. */
  readonly user: string | null
  readonly password: Secret | null
  /** Null for a connection without TLS. */
  readonly tls: RedisTls | null
}

export interface RedisPlace {
  readonly host: string
  readonly port: number
}

/** Where the data is: on one server, on whatever primary the sentinels name, or on the primaries of a cluster, each with a part of it. */
export type RedisTopology = RedisSingle | RedisSentinel | RedisCluster

export interface RedisSingle extends RedisAccess {
  readonly kind: 'single'
  readonly at: RedisPlace
  readonly database: number
}

export interface RedisSentinel extends RedisAccess {
  readonly kind: 'sentinel'
  readonly sentinels: readonly RedisPlace[]
  readonly sentinelAccess: RedisAccess
  /** What the sentinels call the primary. */
  readonly primaryName: string
  readonly database: number
}

export interface RedisCluster extends RedisAccess {
  readonly kind: 'cluster'
  /** Any of them tells of all others. */
  readonly nodes: readonly RedisPlace[]
}
