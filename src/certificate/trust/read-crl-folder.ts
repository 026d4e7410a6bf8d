import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { writeDistinguishedName } from '../../distinguished-name/write-distinguished-name.ts'
import type { Fault } from '../../model/fault.ts'
import { CrlSyntaxError } from '../revocation/crl/crl-syntax-error.ts'
import { parseCrl } from '../revocation/crl/parse-crl.ts'
import type { ParsedCrl } from '../revocation/crl/parsed-crl.ts'
import { parsePemBundle } from './parse-pem-bundle.ts'

export interface CrlFolder {
  readonly crls: readonly ParsedCrl[]
  readonly faults: readonly Fault[]
  /** Lists whose next one is overdue; they are kept, and count as long as the policy lets the last good answer hold. */
  readonly outdated: readonly Fault[]
}

const NOTHING: CrlFolder = { crls: [], faults: [], outdated: [] }
/** DER or PEM, whatever the name says: both endings are in use for both. */
const ENDING = /\.(crl|pem)$/i

/** Every `*.crl` and `*.pem` file of a folder, each one or more CRLs; a folder that is not there holds none. Hidden files are left alone. */
export async function readCrlFolder(folder: string, sizeLimitBytes: number, now: Date): Promise<CrlFolder> {
  const names = await readdir(folder).catch(codeOf)
  if (typeof names === 'string')
    // Silence would turn lists that an operator believes in force into none.
    return names === 'ENOENT'
      ? NOTHING
      : { ...NOTHING, faults: [faultAt({ file: folder, line: 0 }, 'a folder of CRLs', names)] }
  const parts: CrlFolder[] = []
  for (const name of names.filter((entry) => !entry.startsWith('.')).sort()) {
    if (ENDING.test(name)) parts.push(await readCrlFile(join(folder, name), sizeLimitBytes, now))
  }
  return {
    crls: parts.flatMap(({ crls }) => crls),
    faults: parts.flatMap(({ faults }) => faults),
    outdated: parts.flatMap(({ outdated }) => outdated),
  }
}

async function readCrlFile(file: string, sizeLimitBytes: number, now: Date): Promise<CrlFolder> {
  const bytes = await readBounded(file, sizeLimitBytes)
  if ('wanted' in bytes) return { ...NOTHING, faults: [bytes] }
  if (!bytes.includes('-----BEGIN ')) return inspectCrl(bytes, { file, line: 0 }, now)
  const blocks = parsePemBundle(bytes.toString('latin1'))
  const parts = blocks.map(({ label, line, der }) => {
    if (label === 'X509 CRL' && der !== null) return inspectCrl(der, { file, line }, now)
    const found = der === null ? 'a block that is cut off or damaged' : `BEGIN ${label}`
    return { ...NOTHING, faults: [faultAt({ file, line }, 'BEGIN X509 CRL', found)] }
  })
  return {
    crls: parts.flatMap(({ crls }) => crls),
    faults: parts.flatMap(({ faults }) => faults),
    outdated: parts.flatMap(({ outdated }) => outdated),
  }
}

async function readBounded(file: string, sizeLimitBytes: number): Promise<Buffer | Fault> {
  try {
    const { size } = await stat(file)
    if (size <= sizeLimitBytes) return await readFile(file)
    return faultAt({ file, line: 0 }, `at most ${sizeLimitBytes} bytes`, String(size))
  } catch (failure) {
    return faultAt({ file, line: 0 }, 'a readable file', codeOf(failure))
  }
}

function codeOf(failure: unknown): string {
  return failure instanceof Error && 'code' in failure ? String(failure.code) : 'an error'
}

interface Place {
  readonly file: string
  readonly line: number
}

function inspectCrl(der: Buffer, place: Place, now: Date): CrlFolder {
  try {
    const crl = parseCrl(der)
    const { nextUpdate } = crl
    // Entries are read here, though nobody has verified the list yet: the operator wants to know of a damaged file now.
    const notUnderstood = crl.notUnderstood ?? crl.entries.notUnderstood
    if (notUnderstood !== null)
      return { ...NOTHING, faults: [faultAt(place, 'a CRL without unknown critical extensions', notUnderstood)] }
    const outdated = nextUpdate !== null && nextUpdate < now ? [describeOutdated(crl, nextUpdate, place, now)] : []
    return { crls: [crl], faults: [], outdated }
  } catch (failure) {
    if (!(failure instanceof CrlSyntaxError)) throw failure
    return {
      ...NOTHING,
      faults: [faultAt(place, 'a certificate revocation list (RFC 5280 section 5)', failure.message)],
    }
  }
}

function describeOutdated({ issuer }: ParsedCrl, nextUpdate: Date, place: Place, now: Date): Fault {
  const hint = `put the newest CRL of ${writeDistinguishedName(issuer)} here`
  return {
    ...faultAt(place, `a CRL in force at ${now.toISOString()}`, `next update ${nextUpdate.toISOString()}`),
    hint,
  }
}

function faultAt({ file, line }: Place, wanted: string, found: string): Fault {
  return { file, line, column: line === 0 ? 0 : 1, path: '', wanted, found }
}
