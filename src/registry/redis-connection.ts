import type { RedisTopology } from '../model/redis-topology.ts'
import { describeRedisFailure } from './describe-redis-failure.ts'
import { openRedisCluster } from './open-redis-cluster.ts'
import { openRedisServer } from './open-redis-server.ts'
import type { RedisTimeouts } from './redis-client-options.ts'
import type { RedisClient, RedisCommands, RedisNews } from './redis-client.ts'
import { RegistryUnavailable } from './registry-unavailable.ts'

/** Whether the store can be asked, and for the operator why not. */
export type RegistryState = { readonly available: true } | { readonly available: false; readonly detail: string }

export interface RedisConnectionOptions {
  readonly topology: RedisTopology
  readonly connectTimeoutMs: number
  /** The longest that anything asked takes. */
  readonly commandTimeoutMs: number
  /** How many replicas must have what is changed before it counts. */
  readonly waitForReplicas: number
  /** Told once per change, not once per attempt to reconnect. */
  readonly onStateChange: (state: RegistryState) => void
}

/** The way to a Redis that comes back by itself, to another primary where there is a new one; what cannot be asked now fails now. */
export class RedisConnection {
  readonly #client: RedisClient
  readonly #timeouts: RedisTimeouts
  readonly #waitForReplicas: number
  readonly #onStateChange: (state: RegistryState) => void
  #available: boolean | null = null
  #lastFailure = 'not connected'
  #closed = false
  #endWaiting: (() => void) | undefined

  /** @throws Error of OpenSSL when a client certificate and its key are no pair */
  constructor(options: RedisConnectionOptions) {
    this.#onStateChange = options.onStateChange
    this.#timeouts = options
    this.#waitForReplicas = options.waitForReplicas
    this.#client = openClient(options, {
      onReady: () => this.#note({ available: true }),
      onFailure: (detail) => this.#lose(detail),
    })
  }

  /** Resolves when the first attempt is over, whether it worked or not; ends within the connect and the command timeout. */
  async open(): Promise<void> {
    const { connectTimeoutMs, commandTimeoutMs } = this.#timeouts
    const firstNews = new Promise<void>((resolve) => (this.#endWaiting = resolve))
    this.#client.connect()
    await within(connectTimeoutMs + commandTimeoutMs, () => firstNews).catch(() => this.#lose(null))
  }

  /** @throws RegistryUnavailable for every way in which Redis fails to answer */
  async ask<Reply>(command: (redis: RedisCommands) => Promise<Reply>): Promise<Reply> {
    if (this.#closed) throw new RegistryUnavailable('closed')
    const redis = this.#client.commands()
    if (redis === null) throw new RegistryUnavailable(this.#lastFailure)
    try {
      const reply = await within(this.#timeouts.commandTimeoutMs, () => command(redis))
      if (this.#available !== true && this.#client.isWhole()) this.#note({ available: true })
      return reply
    } catch (failure) {
      // The failure itself stays here: ioredis hangs the command with its arguments on it, which for a failed login is the password.
      const detail = failure instanceof OwnFailure ? failure.message : describeRedisFailure(failure)
      if (detail === 'MOVED' || detail === 'ASK') this.#client.relocate()
      this.#lose(detail)
      throw new RegistryUnavailable(this.#lastFailure)
    }
  }

  /**
   * One command that changes something. Where replicas are waited for it counts only once they have it (WAIT): a failover then forgets
   * nothing that somebody acts on. Over one connection, since WAIT speaks of what came before it on its own.
   *
   * @throws RegistryUnavailable also where too few of them have it in time; the change may last all the same
   */
  async change(name: string, ...parameters: readonly (string | number)[]): Promise<unknown> {
    if (this.#waitForReplicas === 0) return this.ask((redis) => redis.call(name, ...parameters))
    const patienceMs = Math.ceil(this.#timeouts.commandTimeoutMs / 2)
    return this.ask(async (redis) => {
      const both = await redis
        .pipeline()
        .call(name, ...parameters)
        .wait(this.#waitForReplicas, patienceMs)
        .exec()
      const [reply, copies] = (both ?? []).map(([failure, result]) => {
        if (failure !== null) throw failure
        return result
      })
      if (Number(copies ?? 0) < this.#waitForReplicas) throw new OwnFailure('too few replicas')
      return reply
    })
  }

  /** Resolves when every part of the data can be asked for. @throws RegistryUnavailable */
  async ping(): Promise<void> {
    await this.ask(() => Promise.all(this.#client.primaries().map((primary) => primary.ping())))
    if (!this.#client.isWhole()) throw new RegistryUnavailable(this.#lastFailure)
  }

  close(): void {
    this.#closed = true
    this.#client.close()
  }

  /** Without a detail the last one stands, unless things went well since. */
  #lose(detail: string | null): void {
    this.#lastFailure = detail ?? (this.#available === true ? 'connection lost' : this.#lastFailure)
    this.#note({ available: false, detail: this.#lastFailure })
  }

  #note(state: RegistryState): void {
    if (this.#closed || this.#available === state.available) return
    this.#available = state.available
    this.#endWaiting?.()
    this.#onStateChange(state)
  }
}

function openClient({ topology, ...timeouts }: RedisConnectionOptions, news: RedisNews): RedisClient {
  return topology.kind === 'cluster'
    ? openRedisCluster(topology, timeouts, news)
    : openRedisServer(topology, timeouts, news)
}

/** Told to the operator as it is. */
class OwnFailure extends Error {}

/** Ends in time whatever becomes of the rest, and with its own failure; the clock starts first, so that no other timeout comes before it. */
async function within<Result>(milliseconds: number, begin: () => Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new OwnFailure('no reply in time')), milliseconds)
  })
  try {
    return await Promise.race([begin(), late])
  } finally {
    clearTimeout(timer)
  }
}
