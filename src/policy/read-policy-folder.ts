import { readdir, readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describeMissing } from '../document/describe-missing.ts'
import type { Fault } from '../model/fault.ts'
import type { PolicyText } from './policy-text.ts'

const FILE_LIMIT_BYTES = 1_048_576

/** The text of every `policy.yaml` one folder below `folder`; what cannot be read is a fault. */
export async function readPolicyFolder(folder: string, faults: Fault[]): Promise<readonly PolicyText[]> {
  const names = await policyFolders(folder, faults)
  return Promise.all(names.map((name) => readPolicyText(join(folder, name, 'policy.yaml'), name, faults)))
}

/** A folder that holds no policy is a fault: whoever named it would think them loaded, or tested. */
async function policyFolders(folder: string, faults: Fault[]): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true })
    if (entries.some(({ name }) => name === 'policy.yaml')) {
      const hint = 'this is a policy itself; name the folder above it'
      faults.push({ ...fileFault(folder, 'a folder with one folder a policy', 'policy.yaml'), hint })
      return []
    }
    // Symbolic links count: mounted configuration volumes are made of them.
    const names = entries.filter(
      (entry) => (entry.isDirectory() || entry.isSymbolicLink()) && !entry.name.startsWith('.'),
    )
    if (names.length === 0) faults.push(fileFault(folder, 'a folder with one folder a policy', 'no folder in it'))
    return names.map((entry) => entry.name).sort()
  } catch (error) {
    faults.push(fileFault(folder, 'a folder of policies', describeMissing(error, folder)))
    return []
  }
}

async function readPolicyText(file: string, name: string, faults: Fault[]): Promise<PolicyText> {
  try {
    const { size } = await stat(file)
    if (size <= FILE_LIMIT_BYTES) return { name, file, text: await readFile(file, 'utf8'), readBeside: besideOf(file) }
    faults.push(fileFault(file, `at most ${FILE_LIMIT_BYTES} bytes`, `${size} bytes`))
  } catch (error) {
    faults.push(fileFault(file, 'a policy.yaml in every folder', describeMissing(error, file)))
  }
  return { name, file, text: null, readBeside: besideOf(file) }
}

function besideOf(policy: string): PolicyText['readBeside'] {
  return async (name) => {
    const file = join(dirname(policy), name)
    try {
      const { size } = await stat(file)
      if (size <= FILE_LIMIT_BYTES) return await readFile(file, 'utf8')
    } catch (error) {
      throw new Error(describeMissing(error, file), { cause: error })
    }
    throw new Error(`more than ${FILE_LIMIT_BYTES} bytes in ${file}`)
  }
}

function fileFault(file: string, wanted: string, found: string): Fault {
  return { file, line: 0, column: 0, path: '', wanted, found }
}
