import { addExcerpts } from '../document/add-excerpts.ts'
import { readDocument } from '../document/read-document.ts'
import type { Fault } from '../model/fault.ts'
import type { KnownNames } from './compile/compile-names.ts'
import { compilePolicy } from './compile/compile-policy.ts'
import type { CompiledPolicy } from './compiled-policy.ts'
import { policyFileSchema } from './schema/policy-file-schema.ts'
import type { PolicyFile } from './compile/policy-file.ts'
import { noteIdleVariables, type LoadedPolicy } from './compile/note-idle-variables.ts'
import { faultAt, resolveInheritance, type ResolvedPolicy } from './compile/resolve-inheritance.ts'
import { readKeyFiles } from './read-key-files.ts'
import type { PolicyText } from './policy-text.ts'
import { readPolicyFolder } from './read-policy-folder.ts'

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
  return compilePolicies(await readPolicyFolder(folder, faults), faults)
}

/** The same for policies that were read already; `faults` are those met so far. */
export async function compilePolicies(texts: readonly PolicyText[], faults: Fault[]): Promise<LoadedPolicies> {
  const files = new Map<string, PolicyFile>()
  const names = texts.map(({ name }) => name)
  for (const text of texts) {
    const file = await readPolicyFile(text, faults)
    if (file !== null) files.set(text.name, file)
  }
  const loaded = new Map<string, LoadedPolicy>()
  const knownNames: KnownNames = new Map()
  for (const [name, file] of files) {
    const before = faults.length
    const resolved = resolveInheritance(file, { files, names }, faults)
    const policy = resolved === null ? null : compilePolicy(resolved, knownNames, faults)
    if (resolved === null || policy === null || faults.length > before) continue
    loaded.set(name, { policy, resolved })
  }
  const idle = noteIdleVariables(loaded, { files, names }, faults)
  // Who extends a policy with a fault has it too.
  const usable = [...loaded].filter(([, { resolved }]) => !resolved.chain.some((file) => idle.has(file)))
  return {
    policies: new Map(usable.map(([name, { policy }]) => [name, policy])),
    resolved: new Map(usable.map(([name, { resolved }]) => [name, resolved])),
    names,
    faults: withExcerpts(withoutRepeats(faults), texts),
  }
}

async function readPolicyFile(
  { name, file, text, readBeside }: PolicyText,
  faults: Fault[],
): Promise<PolicyFile | null> {
  if (text === null) return null
  const read = readDocument(file, text, policyFileSchema)
  faults.push(...read.faults)
  if (read.value === null) return null
  const { locate, locateInText } = read
  const unread: PolicyFile = { file, text, content: read.value, locate, locateInText, keyFiles: new Map() }
  const policyFile = { ...unread, keyFiles: await readKeyFiles(unread, readBeside, faults) }
  if (read.value.name === name) return policyFile
  faults.push(faultAt(policyFile, ['name'], `the name of its folder, ${name}`, read.value.name))
  return null
}

/** A faulty base is compiled once for each policy that extends it, but has its faults only once. */
function withoutRepeats(faults: readonly Fault[]): readonly Fault[] {
  return [...new Map(faults.map((fault) => [JSON.stringify(fault), fault])).values()]
}

/** Policies hold no secrets; keys beside them are other files. */
function withExcerpts(faults: readonly Fault[], texts: readonly PolicyText[]): readonly Fault[] {
  return texts.reduce((shown, { file, text }) => (text === null ? shown : addExcerpts(shown, file, text)), faults)
}
