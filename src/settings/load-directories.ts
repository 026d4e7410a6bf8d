import type { Directory, KeySource } from '../model/policy.ts'
import { describeKeys } from '../signature/describe-keys.ts'
import { loadAuthorities, type Loading } from './load-certificates.ts'
import type { SettingsFile } from './schema/settings-schema.ts'

type Section = SettingsFile['directories'][string]

/** Directories that the operator pins, with the contents of their files. */
export async function loadDirectories(
  section: SettingsFile['directories'],
  loading: Loading,
): Promise<readonly Directory[]> {
  const directories: Directory[] = []
  for (const [name, directory] of Object.entries(section)) {
    const keys = await loadSource(name, directory, loading)
    const { issuers = [], claims } = directory
    if (keys !== null) directories.push({ name, issuers, keys, claims })
  }
  return directories
}

/** Null after a fault, and without a source, which is one that the schema has noted. */
async function loadSource(name: string, directory: Section, loading: Loading): Promise<KeySource | null> {
  const { jwksUri, jwksFile, x5c, caFile } = directory
  if (x5c !== undefined) return { kind: 'chain', trust: x5c.trustedIssuers }
  if (jwksFile !== undefined) return loadFile(name, jwksFile, loading)
  const ca = await loadAuthorities(['directories', name, 'caFile'], caFile, loading)
  return jwksUri === undefined ? null : { kind: 'address', uri: jwksUri, ca }
}

async function loadFile(name: string, file: string, { files, faults }: Loading): Promise<KeySource | null> {
  const at = ['directories', name, 'jwksFile']
  const jwks = await files.readText(at, file)
  const problem = jwks === null ? null : describeKeys(jwks)
  if (problem !== null) faults.add(at, 'a JWKS with keys that verify signatures', problem)
  return jwks === null || problem !== null ? null : { kind: 'file', file: files.absolute(file), jwks }
}
