import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describeMissing } from '../../document/describe-missing.ts'
import { NOWHERE } from '../../document/locate-path.ts'
import { readDocument, type DocumentRead } from '../../document/read-document.ts'
import type { Fault } from '../../model/fault.ts'
import { casesFileSchema, type CasesFile } from './cases-file-schema.ts'

/** A cases.yaml that has its shape; what it says is checked against its policy by checkCases(). */
export interface LoadedCases {
  readonly file: string
  readonly cases: CasesFile
  readonly locate: DocumentRead<CasesFile>['locate']
}

/** Reads the cases.yaml of a policy; a policy without one has a fault, because nothing shows that its rules do what they say. */
export async function loadCases(
  folder: string,
): Promise<{ readonly loaded: LoadedCases | null; readonly faults: readonly Fault[] }> {
  const file = join(folder, 'cases.yaml')
  try {
    const { value, faults, locate } = readDocument(file, await readFile(file, 'utf8'), casesFileSchema)
    return { loaded: value === null ? null : { file, cases: value, locate }, faults }
  } catch (error) {
    const found = describeMissing(error, file)
    const wanted = 'a cases.yaml beside every policy.yaml'
    return { loaded: null, faults: [{ file, ...NOWHERE, path: '', wanted, found }] }
  }
}
