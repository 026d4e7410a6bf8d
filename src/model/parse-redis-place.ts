import type { RedisPlace } from './redis-topology.ts'

/** How an operator writes one server of several. */
export const REDIS_PLACE_FORM = 'host[:port] or redis[s]://host[:port], without credentials'

/** Null for anything but REDIS_PLACE_FORM. */
export function parseRedisPlace(text: string, defaultPort: number): (RedisPlace & { readonly tls: boolean }) | null {
  const whole = /^rediss?:\/\//.test(text) ? text : `redis://${text}`
  const url = URL.canParse(whole) ? new URL(whole) : null
  if (url === null || !/^[^/?#@\s]+$/.test(whole.slice(whole.indexOf('//') + 2)) || url.hostname === '') return null
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? defaultPort : Number(url.port),
    tls: url.protocol === 'rediss:',
  }
}
