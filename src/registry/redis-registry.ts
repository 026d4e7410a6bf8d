import type { RedisTopology } from '../model/redis-topology.ts'
import { checkLifetime, checkName, checkOwner, checkRecord, checkValue } from './check-arguments.ts'
import { hashKey } from './hash-key.ts'
import { RedisConnection, type RegistryState } from './redis-connection.ts'
import { CLAIM, CONFIRM, FORGET, INCREMENT, RELEASE, RENEW, TAKE, WRITE } from './redis-scripts.ts'
import { RegistryUnavailable } from './registry-unavailable.ts'
import type { Count, Held, RecordEntry, RecordPage, Registry, Taken } from './registry.ts'

export interface RedisRegistryOptions {
  readonly topology: RedisTopology
  /** 1 to 64 letters, digits and `._:-`. Keeps gateways apart that share one Redis; the same in all processes of one gateway. */
  readonly keyPrefix: string
  readonly connectTimeoutMs: number
  /** The longest that any operation takes. */
  readonly commandTimeoutMs: number
  /** How many replicas must have a claim or a record before it counts; counters of requests wait for none. */
  readonly waitForReplicas: number
  readonly onStateChange: (state: RegistryState) => void
}

/** Without braces, which would become the hash tag in place of ours. */
const KEY_PREFIX = /^[\w.:-]{1,64}$/

/**
 * The registry of several gateway processes. Resolves when the first attempt to connect is over, whether it worked or not: a gateway may
 * start before its Redis, and `ping` tells. Redis needs `maxmemory-policy noeviction`, and its user the commands SET, GET, DEL, INCR, PTTL,
 * ZADD, ZREM, ZRANGEBYSCORE, ZSCAN, EVAL and PING on keys `<keyPrefix>:*`; WAIT where replicas are waited for, SELECT for a database other than 0, ROLE behind Sentinel, and in
 * a cluster CLUSTER SLOTS, ASKING and CLIENT SETNAME. Replication being asynchronous, a failover may forget the last few claims unless `waitForReplicas` is set.
 *
 * @throws RangeError for a bad prefix; an Error of OpenSSL when the client certificate and its key are no pair
 */
export async function connectRedisRegistry({ keyPrefix, ...options }: RedisRegistryOptions): Promise<Registry> {
  if (!KEY_PREFIX.test(keyPrefix))
    throw new RangeError('a key prefix is 1 to 64 letters, digits, ".", "_", ":" and "-"')
  const connection = new RedisConnection(options)
  await connection.open()
  return new RedisRegistry(connection, keyPrefix)
}

class RedisRegistry implements Registry {
  readonly #connection: RedisConnection
  readonly #keyPrefix: string

  constructor(connection: RedisConnection, keyPrefix: string) {
    this.#connection = connection
    this.#keyPrefix = keyPrefix
  }

  async claim(key: string, owner: string, lifetimeMs: number): Promise<{ readonly claimed: boolean }> {
    checkOwner(owner)
    checkLifetime(lifetimeMs)
    const name = this.#name(key, 'claim')
    return { claimed: 1 === (await this.#connection.change('eval', CLAIM, 1, name, owner, lifetimeMs)) }
  }

  async confirm(key: string, owner: string, value: string, lifetimeMs: number | null): Promise<boolean> {
    checkOwner(owner)
    checkValue(value)
    if (lifetimeMs !== null) checkLifetime(lifetimeMs)
    const name = this.#name(key, 'claim')
    return 1 === (await this.#connection.change('eval', CONFIRM, 1, name, owner, value, lifetimeMs ?? ''))
  }

  async release(key: string, owner: string): Promise<boolean> {
    checkOwner(owner)
    const name = this.#name(key, 'claim')
    return 1 === (await this.#connection.change('eval', RELEASE, 1, name, owner))
  }

  async get(key: string): Promise<Held | null> {
    const entry = await this.#connection.ask((redis) => redis.get(this.#name(key, 'claim')))
    if (entry === null) return null
    const end = entry.indexOf('\n')
    return end === -1 ? { owner: entry, value: null } : { owner: entry.slice(0, end), value: entry.slice(end + 1) }
  }

  async increment(key: string, windowMs: number): Promise<Count> {
    checkLifetime(windowMs)
    const name = this.#name(key, 'count')
    const reply = await this.#connection.ask((redis) => redis.eval(INCREMENT, 1, name, windowMs))
    const [count, remainingMs] = reply as [number, number] // what the script returns
    return { count, remainingMs }
  }

  async take(name: string, holder: string, lifetimeMs: number, fresh: string | null): Promise<Taken> {
    checkName(name)
    checkOwner(holder)
    checkLifetime(lifetimeMs)
    if (fresh !== null) checkRecord(fresh)
    const keys = this.#recordKeys(name)
    const reply = await this.#connection.change('eval', TAKE, 2, ...keys, holder, lifetimeMs, fresh ?? '')
    const [taken, record] = reply as [number, string] // what the script returns
    return taken === 1 ? { taken: true, record: record === '' ? null : record } : { taken: false }
  }

  async write(name: string, holder: string, { value, dueMs }: RecordEntry, leaseMs: number | null): Promise<boolean> {
    checkName(name)
    checkOwner(holder)
    checkRecord(value)
    if (leaseMs !== null) checkLifetime(leaseMs)
    const keys = this.#recordKeys(name)
    // The index lies on another node of a Cluster, where no script reaches both. Until the record is written the index may tell of it too
    // early, which the next who looks puts right; never too late, and never by whoever has lost the lease.
    await this.#connection.change('zadd', this.#index, 'LT', dueMs ?? '+inf', name)
    const reply = await this.#connection.change('eval', WRITE, 2, ...keys, holder, value, leaseMs ?? '')
    if (reply !== 1) return false
    await this.#finish(keys, holder, leaseMs === null, ['zadd', this.#index, dueMs ?? '+inf', name])
    return true
  }

  async forget(name: string, holder: string): Promise<boolean> {
    checkName(name)
    checkOwner(holder)
    const keys = this.#recordKeys(name)
    const reply = await this.#connection.change('eval', FORGET, 2, ...keys, holder)
    if (reply !== 1) return false
    await this.#finish(keys, holder, true, ['zrem', this.#index, name])
    return true
  }

  /** With the lease still in hand, so that nobody's newer record loses its place in the index. What fails here leaves the record true. */
  async #finish(
    [lease]: readonly [string, string],
    holder: string,
    isOver: boolean,
    index: readonly [name: string, ...parameters: (string | number)[]],
  ): Promise<void> {
    try {
      await this.#connection.change(...index)
      if (isOver) await this.#connection.change('eval', RELEASE, 1, lease, holder)
    } catch (failure) {
      if (!(failure instanceof RegistryUnavailable)) throw failure
    }
  }

  async renew(name: string, holder: string, leaseMs: number): Promise<boolean> {
    checkName(name)
    checkOwner(holder)
    checkLifetime(leaseMs)
    const [lease] = this.#recordKeys(name)
    return 1 === (await this.#connection.change('eval', RENEW, 1, lease, holder, leaseMs))
  }

  async leave(name: string, holder: string): Promise<boolean> {
    checkName(name)
    checkOwner(holder)
    const [lease] = this.#recordKeys(name)
    return 1 === (await this.#connection.change('eval', RELEASE, 1, lease, holder))
  }

  async read(name: string): Promise<string | null> {
    checkName(name)
    const [, record] = this.#recordKeys(name)
    return this.#connection.ask((redis) => redis.get(record))
  }

  due(nowMs: number, limit: number): Promise<readonly string[]> {
    return this.#connection.ask((redis) => redis.zrangebyscore(this.#index, '-inf', nowMs, 'LIMIT', 0, limit))
  }

  async page(after: string | null, limit: number): Promise<RecordPage> {
    const [next, entries] = await this.#connection.ask((redis) =>
      redis.zscan(this.#index, after ?? '0', 'COUNT', limit),
    )
    return { names: entries.filter((_, position) => position % 2 === 0), next: next === '0' ? null : next }
  }

  async ping(): Promise<void> {
    await this.#connection.ping()
  }

  close(): Promise<void> {
    this.#connection.close()
    return Promise.resolve()
  }

  /** Lease and record of one registration, on one node. */
  #recordKeys(name: string): readonly [string, string] {
    return [`${this.#keyPrefix}:{${name}}:lease`, `${this.#keyPrefix}:{${name}}:record`]
  }

  get #index(): string {
    return `${this.#keyPrefix}:{records}:due`
  }

  /** The hash tag keeps all that belongs to one key on one node of a Redis Cluster. */
  #name(key: string, kind: 'claim' | 'count'): string {
    return `${this.#keyPrefix}:{${hashKey(key)}}:${kind}`
  }
}
