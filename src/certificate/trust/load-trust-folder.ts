import { join } from 'node:path'
import type { Fault } from '../../model/fault.ts'
import { checkFolderEntries } from './check-folder-entries.ts'
import { CertificateInspector, checkAuthorityFitness, checkResponderFitness } from './inspect-certificates.ts'
import { readCrlFolder } from './read-crl-folder.ts'
import { readPemFolder } from './read-pem-folder.ts'
import { readTrustSettings } from './read-trust-settings.ts'
import { buildTrustStore, type TrustStore } from './trust-store.ts'

export interface LoadedTrust {
  /** Null when a fault leaves open whom to trust; what is expired or overdue alone leaves it usable. */
  readonly trust: TrustStore | null
  readonly faults: readonly Fault[]
}

/**
 * Reads `roots/*.pem` and, if there are any, `intermediates/*.pem` (certificate authorities, none twice; roots need not be self-signed,
 * each ends a path), `crls/`, `responders/*.pem` (who may sign OCSP answers besides the issuers) and `trust.yaml`.
 */
export async function loadTrustFolder(name: string, folder: string, now: Date): Promise<LoadedTrust> {
  const rootFolder = join(folder, 'roots')
  const optional = { optional: true }
  const [rootFiles, intermediateFiles, responderFiles, { settings, faults: settingsFaults }, entryFaults] =
    await Promise.all([
      readPemFolder(rootFolder, { optional: false }),
      readPemFolder(join(folder, 'intermediates'), optional),
      readPemFolder(join(folder, 'responders'), optional),
      readTrustSettings(join(folder, 'trust.yaml')),
      checkFolderEntries(folder),
    ])
  const inspector = new CertificateInspector(now, checkAuthorityFitness)
  const roots = inspector.inspect(rootFiles.files)
  const intermediates = inspector.inspect(intermediateFiles.files)
  const responders = new CertificateInspector(now, checkResponderFitness).inspect(responderFiles.files)
  const crls = await readCrlFolder(join(folder, 'crls'), settings?.fetch.crlLimitBytes ?? 0, now)
  const inspected = [rootFiles, roots, intermediateFiles, intermediates, responderFiles, responders]
  const faults = [...entryFaults, ...settingsFaults, ...inspected.flatMap((part) => part.faults)]
  // Without settings the limit on their size is not known.
  if (settings !== null) faults.push(...crls.faults)
  if (faults.length === 0 && roots.certificates.length === 0) faults.push(noRoots(rootFolder))
  const expired = [...roots.expired, ...intermediates.expired, ...responders.expired, ...crls.outdated]
  if (faults.length > 0 || settings === null) return { trust: null, faults: [...faults, ...expired] }
  const held = { crls: crls.crls, responders: responders.certificates, settings }
  return { trust: buildTrustStore(name, roots.certificates, intermediates.certificates, held), faults: expired }
}

function noRoots(file: string): Fault {
  return { file, line: 0, column: 0, path: '', wanted: 'at least one certificate in a .pem file', found: 'none' }
}
