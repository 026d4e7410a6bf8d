import { readFile, stat } from 'node:fs/promises'
import { parsePemBundle } from '../certificate/trust/parse-pem-bundle.ts'
import { describeMissing } from '../document/describe-missing.ts'
import type { Fault } from '../model/fault.ts'

export type Presented = readonly [Buffer, ...Buffer[]]

const FILE_LIMIT_BYTES = 1_048_576

/** The certificates of a PEM file in their order, the client's own first; whatever else stands there, such as its key, is passed over. */
export async function readPresented(file: string): Promise<Presented | Fault> {
  try {
    const { size } = await stat(file)
    if (size > FILE_LIMIT_BYTES) return faultAt(file, 0, `at most ${FILE_LIMIT_BYTES} bytes`, String(size))
    return certificatesIn(file, await readFile(file, 'latin1'))
  } catch (failure) {
    return faultAt(file, 0, 'a readable file', describeMissing(failure, file))
  }
}

function certificatesIn(file: string, text: string): Presented | Fault {
  const blocks = parsePemBundle(text).filter(({ label }) => label === 'CERTIFICATE')
  const damaged = blocks.find(({ der }) => der === null)
  if (damaged !== undefined)
    return faultAt(file, damaged.line, 'base64 up to the END line', 'a block that is cut off or damaged')
  const [own, ...others] = blocks.flatMap(({ der }) => der ?? [])
  if (own === undefined) return faultAt(file, 0, 'PEM certificates', 'none')
  return [own, ...others]
}

function faultAt(file: string, line: number, wanted: string, found: string): Fault {
  return { file, line, column: line === 0 ? 0 : 1, path: '', wanted, found }
}
