import { parseRedisPlace } from '../model/parse-redis-place.ts'
import { parseRedisUrl, REDIS_URL_FORM, type RedisAddress } from '../model/parse-redis-url.ts'
import type { RedisPlace, RedisTls, RedisTopology } from '../model/redis-topology.ts'
import type { Secret } from '../model/secret.ts'
import { loadAuthorities, loadClientCertificate, loadPresented, type Loading } from './load-certificates.ts'
import type { SecretReference } from './schema/secret-reference.ts'
import type { SettingsFile } from './schema/settings-schema.ts'

type RedisSection = Extract<SettingsFile['state'], { kind: 'redis' }>

const SENTINEL_PORT = 26_379
const NODE_PORT = 6_379

/** What of the section stands elsewhere; all of it is read before anything is made of it, so that all faults show. */
interface Parts {
  readonly address: RedisAddress | null
  readonly password: Secret | null
  readonly sentinelPassword: Secret | null
  readonly tls: RedisTls
  readonly sentinelTls: RedisTls
}

/** Null after a fault. */
export async function loadRedisTopology(section: RedisSection, loading: Loading): Promise<RedisTopology | null> {
  const parts = {
    address: await loadAddress(section, loading),
    password: await loadSecret('password', section.password, loading),
    sentinelPassword: await loadSecret('sentinelPassword', section.sentinelPassword, loading),
    tls: await loadTls(section, loading),
    sentinelTls: await loadSentinelTls(section, loading),
  }
  if (section.url !== undefined) return singleOf(section, parts, loading)
  if (section.sentinels !== undefined) return sentinelOf(section, section.sentinels, parts, loading)
  return section.nodes === undefined ? null : clusterOf(section, section.nodes, parts, loading)
}

async function loadAddress({ url }: RedisSection, { files, faults }: Loading): Promise<RedisAddress | null> {
  const text = url === undefined ? null : await files.readSecret(['state', 'url'], url)
  const address = text === null ? null : parseRedisUrl(text)
  if (text !== null && address === null) faults.add(['state', 'url'], REDIS_URL_FORM, 'something else')
  return address
}

async function loadSecret(
  key: string,
  secret: SecretReference | undefined,
  { files }: Loading,
): Promise<Secret | null> {
  return secret === undefined ? null : files.readSecret(['state', key], secret)
}

async function loadTls(section: RedisSection, loading: Loading): Promise<RedisTls> {
  return {
    ca: await loadAuthorities(['state', 'caFile'], section.caFile, loading),
    clientCertificate: await loadClientCertificate('state', section, loading),
  }
}

async function loadSentinelTls(section: RedisSection, loading: Loading): Promise<RedisTls> {
  const keys = { certificate: 'sentinelClientCertificateFile', privateKey: 'sentinelClientPrivateKeyFile' }
  const files = { certificate: section.sentinelClientCertificateFile, privateKey: section.sentinelClientPrivateKeyFile }
  return {
    ca: await loadAuthorities(['state', 'sentinelCaFile'], section.sentinelCaFile, loading),
    clientCertificate: await loadPresented('state', keys, files, loading),
  }
}

function singleOf(section: RedisSection, { address, tls }: Parts, loading: Loading): RedisTopology | null {
  if (address === null) return null
  const { host, port, database, user, password } = address
  if (!address.tls) reportUnused(section, FILES, 'the URL begins with redis: and not with rediss:', loading)
  return { kind: 'single', at: { host, port }, database, user, password, tls: address.tls ? tls : null }
}

function sentinelOf(
  section: RedisSection,
  sentinels: readonly string[],
  { password, sentinelPassword, tls, sentinelTls }: Parts,
  loading: Loading,
): RedisTopology | null {
  const { primaryName, user = null, sentinelUser = null, database = 0 } = section
  const named = placesOf(sentinels, SENTINEL_PORT)
  const primaryOverTls = section.tls ?? named.tls
  if (!primaryOverTls && !named.tls)
    reportUnused(section, FILES, 'neither sentinels begin with rediss: nor is tls true', loading)
  if (!named.tls) reportUnused(section, SENTINEL_FILES, 'the sentinels do not begin with rediss:', loading)
  if (primaryName === undefined) return null
  const ca = sentinelTls.ca ?? tls.ca
  const clientCertificate = sentinelTls.clientCertificate ?? tls.clientCertificate
  return {
    ...{ kind: 'sentinel', primaryName, database, user, password, tls: primaryOverTls ? tls : null },
    sentinels: named.places,
    sentinelAccess: {
      user: sentinelUser,
      password: sentinelPassword,
      tls: named.tls ? { ca, clientCertificate } : null,
    },
  }
}

function clusterOf(
  section: RedisSection,
  nodes: readonly string[],
  { password, tls }: Parts,
  loading: Loading,
): RedisTopology {
  const named = placesOf(nodes, NODE_PORT)
  if (!named.tls) reportUnused(section, FILES, 'the nodes do not begin with rediss:', loading)
  return { kind: 'cluster', nodes: named.places, user: section.user ?? null, password, tls: named.tls ? tls : null }
}

function placesOf(list: readonly string[], defaultPort: number): { places: readonly RedisPlace[]; tls: boolean } {
  const parsed = list.flatMap((text) => parseRedisPlace(text, defaultPort) ?? [])
  return { places: parsed.map(({ host, port }) => ({ host, port })), tls: parsed.some(({ tls }) => tls) }
}

const FILES = ['caFile', 'clientCertificateFile', 'clientPrivateKeyFile'] as const
const SENTINEL_FILES = ['sentinelCaFile', 'sentinelClientCertificateFile', 'sentinelClientPrivateKeyFile'] as const

/** Without TLS nobody would ask for them, and the operator would believe that somebody does. */
function reportUnused(
  section: RedisSection,
  keys: readonly (typeof FILES | typeof SENTINEL_FILES)[number][],
  why: string,
  { faults }: Loading,
): void {
  for (const key of keys) if (section[key] !== undefined) faults.add(['state', key], `none, since ${why}`, 'one')
}
