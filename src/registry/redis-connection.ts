import { isIP } from 'node:net'
import { type ConnectionOptions, createSecureContext } from 'node:tls'
import { Redis, type RedisOptions } from 'ioredis'
import type { RedisAddress } from '../model/parse-redis-url.ts'
import type { Secret } from '../model/secret.ts'
import { RegistryUnavailable } from './registry-unavailable.ts'

/** What the two ends of a TLS connection show each other; PEM texts. */
export interface RedisTls {
  /** Null for the public authorities that Node ships. */
  readonly ca: string | null
  /** For a Redis that demands one, as it does by default with TLS. */
  readonly clientCertificate: { readonly certificate: string; readonly privateKey: Secret } | null
}

/** Whether the store can be asked, and for the operator why not. */
export type RegistryState = { readonly available: true } | { readonly available: false; readonly detail: string }

export interface RedisConnectionOptions {
  readonly address: RedisAddress
  readonly tls: RedisTls
  readonly connectTimeoutMs: number
  readonly commandTimeoutMs: number
  /** Told once per change, not once per attempt to reconnect. */
  readonly onStateChange: (state: RegistryState) => void
}

/** One connection that comes back by itself; what cannot be asked now fails now. */
export class RedisConnection {
  readonly #redis: Redis
  readonly #onStateChange: (state: RegistryState) => void
  #available: boolean | null = null
  #lastFailure = 'not connected'
  #closed = false

  constructor(options: RedisConnectionOptions) {
    this.#onStateChange = options.onStateChange
    this.#redis = new Redis(clientOptions(options))
    this.#redis.on('ready', () => this.#note({ available: true }))
    this.#redis.on('error', (failure: unknown) => this.#lose(codeOf(failure) ?? 'connection lost'))
    this.#redis.on('close', () => this.#lose(this.#available === true ? 'connection lost' : this.#lastFailure))
  }

  /** Resolves when the first attempt is over, whether it worked or not; ends within the connect and the command timeout. */
  async open(): Promise<void> {
    await this.#redis.connect().catch(() => undefined)
  }

  /** @throws RegistryUnavailable for every way in which Redis fails to answer */
  async ask<Reply>(command: (redis: Redis) => Promise<Reply>): Promise<Reply> {
    if (this.#closed) throw new RegistryUnavailable('closed')
    try {
      const reply = await command(this.#redis)
      this.#note({ available: true })
      return reply
    } catch (failure) {
      // The failure itself stays here: ioredis hangs the command with its arguments on it, which for a failed login is the password.
      const detail = codeOf(failure) ?? (this.#redis.status === 'ready' ? 'no reply in time' : this.#lastFailure)
      this.#lose(detail)
      throw new RegistryUnavailable(detail)
    }
  }

  close(): void {
    this.#closed = true
    this.#redis.disconnect()
  }

  #lose(detail: string): void {
    this.#lastFailure = detail
    this.#note({ available: false, detail })
  }

  #note(state: RegistryState): void {
    if (this.#closed || this.#available === state.available) return
    this.#available = state.available
    this.#onStateChange(state)
  }
}

function clientOptions({
  address,
  tls,
  connectTimeoutMs,
  commandTimeoutMs,
}: RedisConnectionOptions): Omit<RedisOptions, 'replyMapping'> {
  return {
    host: address.host,
    port: address.port,
    db: address.database,
    ...(address.user === null ? {} : { username: address.user }),
    ...(address.password === null ? {} : { password: address.password.reveal() }),
    ...(address.tls ? { tls: tlsOptions(address.host, tls) } : {}),
    lazyConnect: true,
    connectTimeout: connectTimeoutMs,
    commandTimeout: commandTimeoutMs,
    // A connection that died without a word (a firewall that forgot it, a node that lost power) would be written to for many minutes.
    socketTimeout: 2 * commandTimeoutMs,
    // A command belongs to one request and one moment: it fails at once rather than wait, and is never sent a second time.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    // After a failover the old primary may live on, read-only, under this connection; a new one finds the new primary by its name.
    reconnectOnError: (failure) => codeOf(failure) === 'READONLY',
    // INFO and CLIENT need rights that a registry does not; a Redis that is still loading says so to every command.
    enableReadyCheck: false,
    disableClientInfo: true,
  }
}

/** Makes the context here, once: a key that does not fit must stop the start, not the reconnecting. */
function tlsOptions(host: string, { ca, clientCertificate }: RedisTls): ConnectionOptions {
  const trust = ca === null ? {} : { ca }
  const own =
    clientCertificate === null
      ? {}
      : { cert: clientCertificate.certificate, key: clientCertificate.privateKey.reveal() }
  const secureContext = createSecureContext({ ...trust, ...own })
  return isIP(host) === 0 ? { secureContext, servername: host } : { secureContext }
}

/**
 * The code of a failed socket, or the first word of an error reply, which is its code. Never the rest of a reply: some servers answer a
 * login they do not understand by repeating it, password included.
 */
function codeOf(failure: unknown): string | null {
  if (!(failure instanceof Error)) return null
  if (failure.name === 'ReplyError') return /^[A-Z][A-Z0-9_]*(?= |$)/.exec(failure.message)?.[0] ?? 'ERR'
  return 'code' in failure && typeof failure.code === 'string' ? failure.code : null
}
