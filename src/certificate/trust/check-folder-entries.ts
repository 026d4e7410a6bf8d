import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { nearestName } from '../../document/nearest-name.ts'
import type { Fault } from '../../model/fault.ts'

/** What a trust folder may hold; `imported.json` says that `trust import` made it. */
const ENTRIES = ['roots', 'intermediates', 'crls', 'responders', 'trust.yaml', 'imported.json', 'README.md']

/**
 * Names that mean nothing here are faults: whoever wrote `intermediate/` or put a certificate beside `roots/` believes that it is used.
 * Hidden entries are left alone, those of a mounted Kubernetes secret among them.
 */
export async function checkFolderEntries(folder: string): Promise<readonly Fault[]> {
  const names = await readdir(folder).catch(() => [])
  return names
    .filter((name) => !name.startsWith('.') && !ENTRIES.includes(name))
    .sort()
    .map((name) => {
      const near = nearestName(name, ENTRIES)
      const fault = { file: join(folder, name), line: 0, column: 0, path: '', wanted: ENTRIES.join(', '), found: name }
      return near === null ? fault : { ...fault, hint: `did you mean ${near}?` }
    })
}
