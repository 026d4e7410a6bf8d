import { createHash } from 'node:crypto'
import type { Fault } from '../../model/fault.ts'
import { checkFolder, checkSuccession, type FolderState } from './check-folder.ts'
import { decodeList } from './decode-list.ts'
import { writeImportRecord } from './import-record.ts'
import { faultIn, ListFault, type ListFlaw } from './list-fault.ts'
import { parseSigners, type ListSigner } from './parse-signers.ts'
import { parseXml } from './parse-xml.ts'
import { readTrustedList } from './read-trusted-list.ts'
import { countReasons, selectServices, type Selection, type ServiceChoice } from './select-services.ts'
import type { ListScheme, TrustedList } from './trusted-list.ts'
import { verifyListSignature } from './verify-list-signature.ts'
import { writeRootFile, type RootFile } from './write-root-file.ts'

/** What an import is made of, each with the name it has for people. */
export interface ImportSources {
  readonly list: { readonly file: string; readonly bytes: Buffer }
  readonly signer: { readonly file: string; readonly pem: string }
  readonly folder: { readonly file: string; readonly state: FolderState }
}

export interface ImportOptions {
  readonly choice: ServiceChoice
  readonly now: Date
  readonly allowOlder: boolean
}

/** Everything that is to be written, and what people are told of it. */
export interface ImportPlan {
  readonly scheme: ListScheme
  readonly selection: Selection
  /** All services of the list, whatever their kind. */
  readonly serviceCount: number
  readonly files: readonly RootFile[]
  readonly record: string
}

interface VerifiedList {
  readonly list: TrustedList
  readonly signer: ListSigner
}

/**
 * Takes a trusted list to the roots it vouches for. Nothing of it is read as true before its signature holds; then every fault is told
 * at once, together with those of the signer's file and of the folder.
 */
export function importTrustedList(sources: ImportSources, options: ImportOptions): ImportPlan | readonly Fault[] {
  const { list, signer, folder } = sources
  const { signers, faults } = parseSigners(signer.file, signer.pem, options.now)
  const folderFaults = checkFolder(folder.state).map((flaw) => faultIn(folder.file, flaw))
  const verified = verifyList(list.bytes, faults.length > 0 ? [] : signers)
  const earlier = [...faults, ...folderFaults]
  if (verified === null) return earlier
  if (!('list' in verified)) return [...verified.map((flaw) => faultIn(list.file, flaw)), ...earlier]
  const selection = selectServices(verified.list.services, options.choice, options.now)
  const flaws = [
    ...checkTimes(verified.list.scheme, options.now),
    ...checkSuccession(folder.state, verified.list.scheme, options.allowOlder),
    ...checkRoots(selection),
  ]
  if (flaws.length + earlier.length > 0) return [...flaws.map((flaw) => faultIn(list.file, flaw)), ...earlier]
  return plan(verified, selection, list.bytes, options)
}

/** Null when the list may be sound, but there is nobody to hold it against. */
function verifyList(bytes: Buffer, signers: readonly ListSigner[]): VerifiedList | readonly ListFlaw[] | null {
  try {
    const text = decodeList(bytes)
    const root = parseXml(text)
    if (signers.length === 0) return null
    const { canonical, signer } = verifyListSignature(text, root, signers)
    const list = readTrustedList(canonical)
    return 'scheme' in list ? { list, signer } : list
  } catch (failure) {
    if (failure instanceof ListFault) return [failure.flaw]
    throw failure
  }
}

/** A list that is out of date may keep quiet about a withdrawal, and TS 119 612 section 5.3.15 says not to use it. */
function checkTimes({ issued, nextUpdate }: ListScheme, now: Date): readonly ListFlaw[] {
  const wanted = (what: string): string => `${what} ${now.toISOString()}`
  const [found, next] = [issued.toISOString(), nextUpdate.toISOString()]
  return [
    ...(issued > now ? [{ wanted: wanted('issued before'), found, at: 'SchemeInformation/ListIssueDateTime' }] : []),
    ...(nextUpdate <= now
      ? [{ wanted: wanted('a next update after'), found: next, at: 'SchemeInformation/NextUpdate', hint: FETCH }]
      : []),
  ]
}

const FETCH = 'fetch the current list'

function checkRoots({ roots, leftOut }: Selection): readonly ListFlaw[] {
  if (roots.length > 0) return []
  const counts = Array.from(countReasons(leftOut), ([reason, count]) => `${count} ${reason}`)
  const found = counts.length === 0 ? 'none in the list' : `none; left out ${counts.join(', ')}`
  return [{ wanted: 'at least one service to trust', found, hint: 'compare --service-type and --for with the list' }]
}

function plan(
  { list: { scheme, services }, signer }: VerifiedList,
  selection: Selection,
  bytes: Buffer,
  { choice, now }: ImportOptions,
): ImportPlan {
  const { territory, sequenceNumber, issued, operator, nextUpdate } = scheme
  const files = selection.roots.map((root) => writeRootFile(territory, root))
  const record = writeImportRecord(
    { territory, sequenceNumber, issued, files: files.map(({ name }) => name) },
    {
      operator,
      nextUpdate: nextUpdate.toISOString(),
      listSha256: createHash('sha256').update(bytes).digest('hex'),
      signer: signer.name,
      importedAsOf: now.toISOString(),
      serviceType: choice.type,
      for: choice.purpose,
      counts: {
        services: services.length,
        taken: new Set(selection.roots.flatMap((root) => root.services)).size,
        certificates: files.length,
        leftOut: selection.leftOut.length,
      },
    },
  )
  return { scheme, selection, serviceCount: services.length, files, record }
}
