import { open, readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describeMissing } from '../../document/describe-missing.ts'
import type { Fault } from '../../model/fault.ts'

export interface PemFile {
  readonly file: string
  readonly text: string
}

export interface PemFolder {
  /** In the order of their names. */
  readonly files: readonly PemFile[]
  readonly faults: readonly Fault[]
}

const FILE_LIMIT_BYTES = 1_048_576
/** Room for the comments that some tools write before the first certificate. */
const PEM_PEEK_BYTES = 8192

/**
 * Every `*.pem` file of a folder, not of those below. Files that look like certificates in another form are faults, since an operator
 * would think them read; hidden ones and all others are left alone. A folder that is not there is a fault unless `optional`.
 */
export async function readPemFolder(folder: string, { optional }: { readonly optional: boolean }): Promise<PemFolder> {
  try {
    const names = (await readdir(folder)).filter((name) => !name.startsWith('.')).sort()
    const parts = await Promise.all(names.map((name) => readCandidate(join(folder, name))))
    return { files: parts.flatMap(({ files }) => files), faults: parts.flatMap(({ faults }) => faults) }
  } catch (failure) {
    if (optional && errorCode(failure) === 'ENOENT') return { files: [], faults: [] }
    return { files: [], faults: [faultAt(folder, 'a folder of PEM files', describeMissing(failure, folder))] }
  }
}

async function readCandidate(file: string): Promise<PemFolder> {
  const extension = /\.([a-z0-9]+)$/i.exec(file)?.[1]?.toLowerCase() ?? ''
  if (['crt', 'cer', 'der', 'p7b', 'p7c', 'pfx', 'p12'].includes(extension)) {
    const fault = faultAt(file, 'a name ending in .pem', `.${extension}`)
    return { files: [], faults: [{ ...fault, hint: await hintFor(file) }] }
  }
  if (extension !== 'pem') return { files: [], faults: [] }
  try {
    const { size } = await stat(file)
    if (size > FILE_LIMIT_BYTES)
      return { files: [], faults: [faultAt(file, `at most ${FILE_LIMIT_BYTES} bytes`, String(size))] }
    return { files: [{ file, text: await readFile(file, 'utf8') }], faults: [] }
  } catch (failure) {
    return { files: [], faults: [faultAt(file, 'a readable file', describeMissing(failure, file))] }
  }
}

/** Most files named .crt hold PEM already; only the first bytes are looked at, whatever the size. */
async function hintFor(file: string): Promise<string> {
  const convert = 'convert it to PEM, one or more certificates in a file'
  try {
    const handle = await open(file)
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(PEM_PEEK_BYTES), 0, PEM_PEEK_BYTES, 0)
      const isPem = buffer.subarray(0, bytesRead).includes('-----BEGIN CERTIFICATE-----')
      return isPem ? 'it holds PEM: rename it to .pem' : convert
    } finally {
      await handle.close()
    }
  } catch {
    return convert
  }
}

function faultAt(file: string, wanted: string, found: string): Fault {
  return { file, line: 0, column: 0, path: '', wanted, found }
}

function errorCode(failure: unknown): string {
  const code = failure instanceof Error && 'code' in failure ? failure.code : undefined
  if (typeof code !== 'string') throw failure
  return code
}
