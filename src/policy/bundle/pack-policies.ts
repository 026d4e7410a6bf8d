import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PolicyBundle } from './policy-bundle.ts'

/** What a policy folder consists of; whatever else lies there is not packed. */
const PACKED = /\.(?:yaml|md|jwks|json)$/

/** Reads the files of policies as a bundle; the folders are those of policies that were loaded without faults. @throws ErrnoException */
export async function packPolicies(folder: string, names: readonly string[]): Promise<PolicyBundle> {
  const files = new Map<string, string>()
  for (const name of names) {
    const entries = await readdir(join(folder, name), { withFileTypes: true })
    for (const entry of entries)
      if (!entry.isDirectory() && PACKED.test(entry.name))
        files.set(`${name}/${entry.name}`, await readFile(join(folder, name, entry.name), 'utf8'))
  }
  return { files }
}
