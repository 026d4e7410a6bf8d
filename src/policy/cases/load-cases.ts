import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { addExcerpts } from '../../document/add-excerpts.ts'
import { describeMissing } from '../../document/describe-missing.ts'
import { NOWHERE } from '../../document/locate-path.ts'
import { readDocument, type DocumentRead } from '../../document/read-document.ts'
import type { Fault } from '../../model/fault.ts'
import { casesFileSchema, type CasesFile } from './cases-file-schema.ts'

/** A cases.yaml that has its shape; what it says is checked against its policy by checkCases(). */
export interface LoadedCases {
  readonly file: string
  /** May be shown: nothing in it is a secret of anybody. */
  readonly text: string
  readonly cases: CasesFile
  readonly locate: DocumentRead<CasesFile>['locate']
  readonly locateInText: DocumentRead<CasesFile>['locateInText']
}

/** Reads the cases.yaml of a policy; a policy without one has a fault, because nothing shows that its rules do what they say. */
export async function loadCases(
  folder: string,
): Promise<{ readonly loaded: LoadedCases | null; readonly faults: readonly Fault[] }> {
  const file = join(folder, 'cases.yaml')
  try {
    const text = await readFile(file, 'utf8')
    const { value, faults, locate, locateInText } = readDocument(file, text, casesFileSchema)
    const loaded = value === null ? null : { file, text, cases: value, locate, locateInText }
    return { loaded, faults: addExcerpts(faults, file, text) }
  } catch (error) {
    const found = describeMissing(error, file)
    const wanted = 'a cases.yaml beside every policy.yaml'
    return { loaded: null, faults: [{ file, ...NOWHERE, path: '', wanted, found }] }
  }
}
