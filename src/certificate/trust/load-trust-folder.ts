import { join } from 'node:path'
import type { Fault } from '../../model/fault.ts'
import { AuthorityInspector } from './inspect-authorities.ts'
import { readPemFolder } from './read-pem-folder.ts'
import { buildTrustStore, type TrustStore } from './trust-store.ts'

export interface LoadedTrust {
  /** Null when a fault leaves open whom to trust; expired certificates alone are faults that leave it usable. */
  readonly trust: TrustStore | null
  readonly faults: readonly Fault[]
}

/**
 * Reads `roots/*.pem` and, if there are any, `intermediates/*.pem`: several PEM certificates to a file, all of them certificate
 * authorities, none twice. Roots need not be self-signed; each ends a path.
 */
export async function loadTrustFolder(name: string, folder: string, now: Date): Promise<LoadedTrust> {
  const rootFolder = join(folder, 'roots')
  const [rootFiles, intermediateFiles] = await Promise.all([
    readPemFolder(rootFolder, { optional: false }),
    readPemFolder(join(folder, 'intermediates'), { optional: true }),
  ])
  const inspector = new AuthorityInspector(now)
  const roots = inspector.inspect(rootFiles.files)
  const intermediates = inspector.inspect(intermediateFiles.files)
  const faults = [...rootFiles.faults, ...roots.faults, ...intermediateFiles.faults, ...intermediates.faults]
  if (faults.length === 0 && roots.certificates.length === 0) faults.push(noRoots(rootFolder))
  const trust = faults.length > 0 ? null : buildTrustStore(name, roots.certificates, intermediates.certificates)
  return { trust, faults: [...faults, ...roots.expired, ...intermediates.expired] }
}

function noRoots(file: string): Fault {
  return { file, line: 0, column: 0, path: '', wanted: 'at least one certificate in a .pem file', found: 'none' }
}
