import { parseRedisUrl, REDIS_URL_FORM, type RedisAddress } from '../model/parse-redis-url.ts'
import { loadAuthorities, loadClientCertificate, type Loading } from './load-certificates.ts'
import type { SettingsFile } from './schema/settings-schema.ts'
import type { StateSettings } from './settings.ts'

type RedisSection = Extract<SettingsFile['state'], { kind: 'redis' }>

export async function loadState(section: SettingsFile['state'], loading: Loading): Promise<StateSettings | null> {
  if (section.kind === 'memory') return section
  const { keyPrefix, commandTimeoutMs, connectTimeoutMs, reservationTtlMs, caFile, whenUnavailable } = section
  const address = await loadAddress(section, loading)
  const ca = await loadAuthorities(['state', 'caFile'], caFile, loading)
  const clientCertificate = await loadClientCertificate('state', section, loading)
  if (address === null) return null
  if (!address.tls) reportUnusedFiles(section, loading)
  return {
    kind: 'redis',
    address,
    keyPrefix,
    commandTimeoutMs,
    connectTimeoutMs,
    ca,
    clientCertificate,
    reservationTtlMs,
    whenUnavailable,
  }
}

async function loadAddress({ url }: RedisSection, { files, faults }: Loading): Promise<RedisAddress | null> {
  const text = await files.readSecret(['state', 'url'], url)
  const address = text === null ? null : parseRedisUrl(text)
  if (text !== null && address === null) faults.add(['state', 'url'], REDIS_URL_FORM, 'something else')
  return address
}

/** Without TLS nobody would ask for them, and the operator would believe that somebody does. */
function reportUnusedFiles(section: RedisSection, { faults }: Loading): void {
  for (const key of ['caFile', 'clientCertificateFile', 'clientPrivateKeyFile'] as const)
    if (section[key] !== undefined)
      faults.add(['state', key], 'none, since the URL begins with redis: and not with rediss:', 'one')
}
