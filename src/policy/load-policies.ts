import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describeMissing } from '../document/describe-missing.ts'
import { readDocument } from '../document/read-document.ts'
import type { Fault } from '../model/fault.ts'
import { compilePolicy } from './compile/compile-policy.ts'
import type { CompiledPolicy } from './compiled-policy.ts'
import { policyFileSchema } from './schema/policy-file-schema.ts'
import type { PolicyFile } from './compile/policy-file.ts'
import { faultAt, resolveInheritance, type ResolvedPolicy } from './compile/resolve-inheritance.ts'

const FILE_LIMIT_BYTES = 1_048_576

export interface LoadedPolicies {
  /** By name; without those that have faults. */
  readonly policies: ReadonlyMap<string, CompiledPolicy>
  /** What each of these was compiled from, for people to read. */
  readonly resolved: ReadonlyMap<string, ResolvedPolicy>
  /** Of all folders, faulty policies included. */
  readonly names: readonly string[]
  readonly faults: readonly Fault[]
}

/** Reads, type-checks and compiles every `policy.yaml` one folder below `folder`, and reports all faults of all files at once. */
export async function loadPolicies(folder: string): Promise<LoadedPolicies> {
  const faults: Fault[] = []
  const files = new Map<string, PolicyFile>()
  const names = await policyFolders(folder, faults)
  for (const name of names) {
    const file = await readPolicyFile(join(folder, name, 'policy.yaml'), name, faults)
    if (file !== null) files.set(name, file)
  }
  const policies = new Map<string, CompiledPolicy>()
  const sources = new Map<string, ResolvedPolicy>()
  for (const [name, file] of files) {
    const before = faults.length
    const resolved = resolveInheritance(file, { files, names }, faults)
    const policy = resolved === null ? null : compilePolicy(resolved, faults)
    if (resolved === null || policy === null || faults.length > before) continue
    policies.set(name, policy)
    sources.set(name, resolved)
  }
  return { policies, resolved: sources, names, faults: withoutRepeats(faults) }
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

async function readPolicyFile(file: string, folderName: string, faults: Fault[]): Promise<PolicyFile | null> {
  let text: string
  try {
    const { size } = await stat(file)
    if (size > FILE_LIMIT_BYTES) {
      faults.push(fileFault(file, `at most ${FILE_LIMIT_BYTES} bytes`, `${size} bytes`))
      return null
    }
    text = await readFile(file, 'utf8')
  } catch (error) {
    faults.push(fileFault(file, 'a policy.yaml in every folder', describeMissing(error, file)))
    return null
  }
  const read = readDocument(file, text, policyFileSchema)
  faults.push(...read.faults)
  if (read.value === null) return null
  const { locate, locateInText } = read
  const policyFile: PolicyFile = { file, text, content: read.value, locate, locateInText }
  if (read.value.name === folderName) return policyFile
  faults.push(faultAt(policyFile, ['name'], `the name of its folder, ${folderName}`, read.value.name))
  return null
}

/** A faulty base is compiled once for each policy that extends it, but has its faults only once. */
function withoutRepeats(faults: readonly Fault[]): readonly Fault[] {
  return [...new Map(faults.map((fault) => [JSON.stringify(fault), fault])).values()]
}

function fileFault(file: string, wanted: string, found: string): Fault {
  return { file, line: 0, column: 0, path: '', wanted, found }
}
