import { Secret } from './secret.ts'

/** Where a Redis is, and as whom to go there. */
export interface RedisAddress {
  readonly host: string
  readonly port: number
  readonly database: number
  /** True for `rediss:`. */
  readonly tls: boolean
  /** Null for the user that Redis calls `default`. */
  readonly user: string | null
  readonly password: Secret | null
}

const DEFAULT_PORT = 6379
const SCHEMES = ['redis:', 'rediss:']
const DATABASE = /^\/?$|^\/(\d{1,5})$/

/** How an operator writes it. */
export const REDIS_URL_FORM = 'redis[s]://[user[:password]@]host[:port][/database]'

/** Null for anything but REDIS_URL_FORM: an error made from the text could show the password. */
export function parseRedisUrl(text: Secret): RedisAddress | null {
  const url = URL.canParse(text.reveal()) ? new URL(text.reveal()) : null
  if (url === null || !SCHEMES.includes(url.protocol) || url.hostname === '' || url.search !== '' || url.hash !== '')
    return null
  const database = DATABASE.exec(url.pathname)
  const user = decode(url.username)
  const password = decode(url.password)
  if (database === null || user === null || password === null) return null
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? DEFAULT_PORT : Number(url.port),
    database: Number(database[1] ?? 0),
    tls: url.protocol === 'rediss:',
    user: user === '' ? null : user,
    password: password === '' ? null : new Secret(password),
  }
}

function decode(escaped: string): string | null {
  try {
    return decodeURIComponent(escaped)
  } catch {
    return null
  }
}
