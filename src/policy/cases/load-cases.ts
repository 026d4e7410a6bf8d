import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describeMissing } from '../../document/describe-missing.ts'
import { readDocument } from '../../document/read-document.ts'
import type { Fault } from '../../model/fault.ts'
import { casesFileSchema, type CasesFile } from './cases-file-schema.ts'

/** Reads the cases.yaml of a policy; a policy without one has a fault, because nothing shows that its rules do what they say. */
export async function loadCases(folder: string): Promise<{ cases: CasesFile | null; faults: readonly Fault[] }> {
  const file = join(folder, 'cases.yaml')
  try {
    const { value, faults } = readDocument(file, await readFile(file, 'utf8'), casesFileSchema)
    return { cases: value, faults }
  } catch (error) {
    const found = describeMissing(error, file)
    return {
      cases: null,
      faults: [{ file, line: 0, column: 0, path: '', wanted: 'a cases.yaml beside every policy.yaml', found }],
    }
  }
}
