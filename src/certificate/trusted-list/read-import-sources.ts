import { lstat, readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Fault } from '../../model/fault.ts'
import type { FolderState } from './check-folder.ts'
import { LIST_LIMIT_BYTES } from './decode-list.ts'
import { parseImportRecord, RECORD_FILE } from './import-record.ts'
import type { ImportSources } from './import-trusted-list.ts'
import { faultIn } from './list-fault.ts'

const SIGNER_LIMIT_BYTES = 1_048_576
const RECORD_LIMIT_BYTES = 1_048_576

/** Reads what an import starts from; files that cannot be read are told of together. */
export async function readImportSources(
  list: string,
  signer: string,
  folder: string,
): Promise<ImportSources | readonly Fault[]> {
  const [bytes, pem, state] = await Promise.all([
    readBounded(list, LIST_LIMIT_BYTES),
    readBounded(signer, SIGNER_LIMIT_BYTES),
    readFolderState(folder),
  ])
  if (!Buffer.isBuffer(bytes) || !Buffer.isBuffer(pem))
    return [bytes, pem].flatMap((result) => (Buffer.isBuffer(result) ? [] : [result]))
  return {
    list: { file: list, bytes },
    signer: { file: signer, pem: pem.toString('utf8') },
    folder: { file: folder, state },
  }
}

async function readBounded(file: string, limitBytes: number): Promise<Buffer | Fault> {
  try {
    const status = await stat(file)
    if (!status.isFile()) return faultIn(file, { wanted: 'a file', found: 'something else' })
    if (status.size > limitBytes)
      return faultIn(file, { wanted: `at most ${limitBytes} bytes`, found: `${status.size} bytes` })
    return await readFile(file)
  } catch (failure) {
    return faultIn(file, { wanted: 'a readable file', found: errorCode(failure) })
  }
}

async function readFolderState(folder: string): Promise<FolderState> {
  try {
    const names = await namesIn(folder)
    if (names.length === 0) return { kind: 'absent' }
    if ((await lstat(folder)).isSymbolicLink()) return { kind: 'foreign', found: 'a symbolic link' }
    if (!names.includes(RECORD_FILE)) return { kind: 'foreign', found: `one without ${RECORD_FILE}` }
    return await readImportedFolder(folder)
  } catch (failure) {
    return { kind: 'foreign', found: errorCode(failure) }
  }
}

async function readImportedFolder(folder: string): Promise<FolderState> {
  const bytes = await readBounded(join(folder, RECORD_FILE), RECORD_LIMIT_BYTES)
  const record = Buffer.isBuffer(bytes) ? parseImportRecord(bytes) : null
  if (record === null) return { kind: 'foreign', found: `one whose ${RECORD_FILE} no import wrote` }
  return { kind: 'imported', record, files: await namesIn(join(folder, 'roots')) }
}

/** Nothing for a folder that is not there. @throws ErrnoException */
export async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder)
  } catch (failure) {
    if (errorCode(failure) === 'ENOENT') return []
    throw failure
  }
}

/** What the operating system says, such as `EACCES`; anything else is thrown on. */
export function errorCode(failure: unknown): string {
  const code = failure instanceof Error && 'code' in failure ? failure.code : undefined
  if (typeof code !== 'string') throw failure
  return code
}
