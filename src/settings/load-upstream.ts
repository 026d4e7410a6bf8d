import type { KeyPath } from '../document/key-path.ts'
import { parseServerMetadata } from '../json/parse-server-metadata.ts'
import type { JsonObject } from '../model/json.ts'
import type { Secret } from '../model/secret.ts'
import { loadAuthorities, loadClientCertificate, type Loading } from './load-certificates.ts'
import type { SettingsFile } from './schema/settings-schema.ts'
import type { SecretReference } from './schema/secret-reference.ts'
import type { AdministrationSettings, UpstreamSettings } from './settings.ts'

/** Characters that may stand in an Authorization header after `Bearer` (RFC 6750 section 2.1). */
const BEARER_TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/

/** With a fault reported, the result is incomplete and must not be used. */
export async function loadUpstream(section: SettingsFile['upstream'], loading: Loading): Promise<UpstreamSettings> {
  const { registrationUrl, timeoutMs, maxSockets, responseLimitBytes, passHeaders } = section
  return {
    registrationUrl,
    ca: await loadAuthorities(['upstream', 'caFile'], section.caFile, loading),
    clientCertificate: await loadClientCertificate('upstream', section, loading),
    initialAccessToken: await loadBearerToken(['upstream', 'initialAccessToken'], section.initialAccessToken, loading),
    ...{ management: section.management, rotatesOnRead: section.rotatesOnRead },
    earlierClients: section.earlierClients,
    administration: await loadAdministration(section, loading),
    metadataUrl: section.metadataUrl ?? null,
    unknownMetadata: section.unknownMetadata,
    metadata: await loadMetadata(section, loading),
    ...{ timeoutMs, maxSockets, responseLimitBytes },
    passHeaders: [...new Set(passHeaders.map((header) => header.toLowerCase()))],
  }
}

async function loadAdministration(
  { administration }: SettingsFile['upstream'],
  loading: Loading,
): Promise<AdministrationSettings | null> {
  if (administration === undefined) return null
  const { searchUrl, removeUrl, lookUpUrl = null, markMember, token } = administration
  const at = ['upstream', 'administration', 'token']
  return { searchUrl, removeUrl, lookUpUrl, markMember, token: await loadBearerToken(at, token, loading) }
}

async function loadMetadata(
  { metadataFile }: SettingsFile['upstream'],
  { files, faults }: Loading,
): Promise<JsonObject | null> {
  const at = ['upstream', 'metadataFile']
  const bytes = metadataFile === undefined ? null : await files.readBytes(at, metadataFile)
  if (bytes === null) return null
  const { metadata, problem } = parseServerMetadata(bytes)
  if (problem !== null) faults.add(at, problem.wanted, problem.found)
  return metadata
}

async function loadBearerToken(
  at: KeyPath,
  reference: SecretReference | undefined,
  { files, faults }: Loading,
): Promise<Secret | null> {
  const token = reference === undefined ? null : await files.readSecret(at, reference)
  if (token !== null && !BEARER_TOKEN.test(token.reveal()))
    faults.add(at, 'a bearer token (RFC 6750 section 2.1)', 'other characters in it')
  return token
}
