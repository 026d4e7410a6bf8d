import { readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describeMissing } from '../document/describe-missing.ts'
import type { Fault } from '../model/fault.ts'
import { describeKeys } from '../signature/describe-keys.ts'
import type { PolicyFile } from './compile/policy-file.ts'
import { faultAt } from './compile/resolve-inheritance.ts'

const FILE_LIMIT_BYTES = 262_144

/** Reads the JWKS files that a policy names beside it, by their names; one that cannot be used is a fault where it is named. */
export async function readKeyFiles(policy: PolicyFile, faults: Fault[]): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>()
  for (const [name, { jwksFile }] of Object.entries(policy.content.softwareStatement?.directories ?? {})) {
    if (jwksFile === undefined) continue
    const { text, wanted, found } = await readKeys(join(dirname(policy.file), jwksFile))
    const path = ['softwareStatement', 'directories', name, 'jwksFile']
    if (text === null) faults.push(faultAt(policy, path, wanted, found))
    else texts.set(jwksFile, text)
  }
  return texts
}

async function readKeys(file: string): Promise<{ text: string | null; wanted: string; found: string }> {
  try {
    const { size } = await stat(file)
    if (size > FILE_LIMIT_BYTES)
      return { text: null, wanted: `at most ${FILE_LIMIT_BYTES} bytes`, found: `${size} bytes` }
    const text = await readFile(file, 'utf8')
    const problem = describeKeys(text)
    return {
      text: problem === null ? text : null,
      wanted: 'a JWKS with keys that verify signatures',
      found: problem ?? '',
    }
  } catch (error) {
    return { text: null, wanted: 'a JWKS file', found: describeMissing(error, file) }
  }
}
