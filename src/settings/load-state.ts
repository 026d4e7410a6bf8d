import { loadAuthorities, type Loading } from './load-certificates.ts'
import type { SettingsFile } from './schema/settings-schema.ts'
import type { StateSettings } from './settings.ts'

const FORM = 'redis[s]://[user[:password]@]host[:port][/database]'

export async function loadState(section: SettingsFile['state'], loading: Loading): Promise<StateSettings | null> {
  if (section.kind === 'memory') return section
  const { keyPrefix, commandTimeoutMs, connectTimeoutMs, reservationTtlMs, caFile } = section
  const url = await loading.files.readSecret(['state', 'url'], section.url)
  const ca = await loadAuthorities(['state', 'caFile'], caFile, loading)
  if (url === null) return null
  const protocol = redisProtocol(url.reveal())
  if (protocol === null) loading.faults.add(['state', 'url'], FORM, 'something else')
  if (protocol === 'redis:' && caFile !== undefined) {
    loading.faults.add(['state', 'caFile'], 'none, since the URL begins with redis: and not with rediss:', 'one')
  }
  return { kind: 'redis', url, keyPrefix, commandTimeoutMs, connectTimeoutMs, ca, reservationTtlMs }
}

function redisProtocol(text: string): string | null {
  const url = URL.canParse(text) ? new URL(text) : null
  const plain =
    url !== null && url.hostname !== '' && url.search === '' && url.hash === '' && /^(?:\/\d{0,5})?$/.test(url.pathname)
  return plain && ['redis:', 'rediss:'].includes(url.protocol) ? url.protocol : null
}
