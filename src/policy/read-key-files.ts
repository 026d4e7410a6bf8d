import type { Fault } from '../model/fault.ts'
import { describeKeys } from '../signature/describe-keys.ts'
import type { PolicyFile } from './compile/policy-file.ts'
import { faultAt } from './compile/resolve-inheritance.ts'
import type { PolicyText } from './policy-text.ts'

/** Reads the JWKS files that a policy names beside it, by their names; one that cannot be used is a fault where it is named. */
export async function readKeyFiles(
  policy: PolicyFile,
  readBeside: PolicyText['readBeside'],
  faults: Fault[],
): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>()
  for (const [name, { jwksFile }] of Object.entries(policy.content.softwareStatement?.directories ?? {})) {
    if (jwksFile === undefined) continue
    const { text, wanted, found } = await readKeys(readBeside(jwksFile))
    const path = ['softwareStatement', 'directories', name, 'jwksFile']
    if (text === null) faults.push(faultAt(policy, path, wanted, found))
    else texts.set(jwksFile, text)
  }
  return texts
}

async function readKeys(reading: Promise<string>): Promise<{ text: string | null; wanted: string; found: string }> {
  try {
    const text = await reading
    const problem = describeKeys(text)
    const wanted = 'a JWKS with keys that verify signatures'
    return { text: problem === null ? text : null, wanted, found: problem ?? '' }
  } catch (error) {
    return { text: null, wanted: 'a JWKS file', found: error instanceof Error ? error.message : 'none' }
  }
}
