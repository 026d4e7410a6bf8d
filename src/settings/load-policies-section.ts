import type { KeyPath } from '../document/key-path.ts'
import type { Loading } from './load-certificates.ts'
import type { SettingsFile } from './schema/settings-schema.ts'
import type { Settings } from './settings.ts'

type Section = SettingsFile['policies']
type Bundle = NonNullable<Section['bundles']>[number]
const BUNDLE_LIMIT_BYTES = 16_777_216
const SIGNATURE_SUFFIX = '.jws'

/** Finds the folder of policies, or reads the bundles in its place with their signatures; null after a fault. */
export async function loadPoliciesSection(
  { folder, bundles, signers }: Section,
  loading: Loading,
): Promise<Settings['policies'] | null> {
  const { files } = loading
  if (bundles === undefined) {
    const found = await files.findFolder(['policies', 'folder'], folder ?? 'policies')
    return found === null ? null : { folder: found }
  }
  const read = await Promise.all(
    bundles.map((bundle, index) => readBundle(['policies', 'bundles', index], bundle, loading)),
  )
  const complete = read.filter((bundle) => bundle !== null)
  const keys = signers === undefined ? null : await files.readText(['policies', 'signers'], signers)
  if (signers === undefined || keys === null || complete.length < bundles.length) return null
  return { bundles: complete, signers: { file: files.absolute(signers), text: keys } }
}

async function readBundle(at: KeyPath, { file, sha256 }: Bundle, { files }: Loading) {
  const bytes = await files.readBytes([...at, 'file'], file, BUNDLE_LIMIT_BYTES)
  const signature = await files.readText([...at, 'file'], `${file}${SIGNATURE_SUFFIX}`)
  return bytes === null || signature === null
    ? null
    : { file: files.absolute(file), bytes, signature, sha256: sha256 ?? null }
}
