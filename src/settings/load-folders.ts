import { loadAuthorities, type Loading } from './load-certificates.ts'
import type { SettingsFile } from './schema/settings-schema.ts'
import type { AuditSettings, Settings } from './settings.ts'

/** Folders as absolute paths; those that are not there are faults. */
export async function loadTrust(section: SettingsFile['trust'], { files }: Loading): Promise<Settings['trust']> {
  const folders: Record<string, string> = {}
  for (const [name, path] of Object.entries(section)) {
    const folder = await files.findFolder(['trust', name], path)
    if (folder !== null) folders[name] = folder
  }
  return folders
}

export async function loadSoftwareKeys(
  { hosts, allowPrivateAddresses, caFile }: SettingsFile['softwareKeys'],
  loading: Loading,
): Promise<Settings['softwareKeys']> {
  const ca = await loadAuthorities(['softwareKeys', 'caFile'], caFile, loading)
  return { hosts: hosts ?? null, allowPrivateAddresses, ca }
}

export async function loadLookups(
  { caFile, ...lookups }: SettingsFile['lookups'],
  loading: Loading,
): Promise<Settings['lookups']> {
  return { ...lookups, ca: await loadAuthorities(['lookups', 'caFile'], caFile, loading) }
}

export async function resolveAuditFile(
  { file, facts }: SettingsFile['audit'],
  { files }: Loading,
): Promise<AuditSettings | null> {
  const found = file === 'stdout' ? file : await files.findAppendable(['audit', 'file'], file)
  return found === null ? null : { file: found, facts }
}

/** Made when it is first needed. */
export function resolveRevocationFolder(
  { folder }: SettingsFile['revocation'],
  { files }: Loading,
): Settings['revocation'] {
  return { folder: folder === undefined ? null : files.absolute(folder) }
}
