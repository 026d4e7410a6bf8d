import { createHash } from 'node:crypto'
import { formatPath, type KeyPath } from '../../document/key-path.ts'
import { hintAt, nearestName, withNearest } from '../../document/nearest-name.ts'
import type { Fault } from '../../model/fault.ts'
import { REASONS } from '../../model/reasons.ts'
import type { EffectContent } from '../schema/effect-schema.ts'
import type { OnceContent } from '../schema/once-schema.ts'
import type { PolicyFileContent } from '../schema/policy-file-schema.ts'
import type { RuleContent } from '../schema/rule-schema.ts'
import type { WholeSection } from './inheritance.ts'
import type { PolicyFile, Sourced } from './policy-file.ts'

/** What may be extended: files without faults, and the names of all folders, faulty ones included. */
export interface KnownPolicies {
  readonly files: ReadonlyMap<string, PolicyFile>
  readonly names: readonly string[]
}

/** A policy with everything it extends laid over each other; nothing is compiled yet. */
export interface ResolvedPolicy {
  readonly own: PolicyFile
  /** The policy itself last, those it extends before it. */
  readonly chain: readonly PolicyFile[]
  readonly rules: readonly Sourced<RuleContent>[]
  readonly effects: readonly Sourced<EffectContent>[]
  readonly once: readonly Sourced<OnceContent>[]
  /** Hex SHA-256 over all files of the chain. */
  readonly sha256: string
}

/** Lays a policy over those it extends: rules in order, those of the same id replaced where `override` says so. */
export function resolveInheritance(own: PolicyFile, known: KnownPolicies, faults: Fault[]): ResolvedPolicy | null {
  const chain = chainOf(own, known, [], faults)
  if (chain === null) return null
  const hash = createHash('sha256')
  for (const { content, text, keyFiles } of chain) {
    hash.update(`${content.name}\0${String(Buffer.byteLength(text))}\0${text}`)
    // Whose keys count is a part of what the policy says.
    for (const [name, jwks] of keyFiles) hash.update(`\0${name}\0${String(Buffer.byteLength(jwks))}\0${jwks}`)
  }
  const effects = chain.flatMap((source) =>
    (source.content.effects ?? []).map((value, index) => ({ source, path: ['effects', index], value })),
  )
  const named = mergeNamed(chain, faults)
  noteTakenIds(chain, named, faults)
  const rules = named.flatMap(({ rule }) => rule ?? [])
  const once = named.flatMap((entry) => entry.once ?? [])
  return { own, chain, rules, effects, once, sha256: hash.digest('hex') }
}

/** Depth first, each policy once, so that a diamond of `extends` does not repeat rules. */
function chainOf(
  own: PolicyFile,
  known: KnownPolicies,
  above: readonly string[],
  faults: Fault[],
): PolicyFile[] | null {
  const chain: PolicyFile[] = []
  for (const [index, name] of (own.content.extends ?? []).entries()) {
    const path = ['extends', index]
    const base = known.files.get(name)
    if (base === undefined) {
      // A base with faults of its own is not missing: its faults are reported already.
      if (!known.names.includes(name)) faults.push(unknownBase(own, path, name, known.names))
      return null
    }
    if (name === own.content.name || above.includes(name)) {
      faults.push(faultAt(own, path, 'policies that do not extend each other in a circle', name))
      return null
    }
    const below = chainOf(base, known, [...above, own.content.name], faults)
    if (below === null) return null
    chain.push(...below.filter((file) => !chain.includes(file)))
  }
  return [...chain, own]
}

function unknownBase(
  own: PolicyFile,
  path: readonly (string | number)[],
  name: string,
  names: readonly string[],
): Fault {
  const near = nearestName(name, names)
  const fault = faultAt(own, path, 'the name of a policy beside this one', name)
  return { ...fault, hint: hintAt(near) ?? 'copy its folder here, beside this one' }
}

/** What findings, cases and `off` call by its id: a rule, or an entry of once. One name never stands for both. */
interface Named {
  readonly id: string
  readonly override: boolean
  readonly source: PolicyFile
  readonly path: readonly (string | number)[]
  readonly rule?: Sourced<RuleContent>
  readonly once?: Sourced<OnceContent>
}

function namedIn(source: PolicyFile): readonly Named[] {
  const { rules = [], once = [] } = source.content
  const common = (path: Named['path'], { id, override = false }: RuleContent | OnceContent): Omit<Named, 'rule'> => ({
    ...{ id, override, source, path },
  })
  return [
    ...rules.map((value, index) => {
      const path = ['rules', index]
      return { ...common(path, value), rule: { source, path, value } }
    }),
    ...once.map((value, index) => {
      const path = ['once', index]
      return { ...common(path, value), once: { source, path, value } }
    }),
  ]
}

function mergeNamed(chain: readonly PolicyFile[], faults: Fault[]): Named[] {
  let merged: Named[] = []
  for (const source of chain) {
    merged = switchOff(merged, source, faults)
    for (const entry of namedIn(source)) {
      const earlier = merged.findIndex(({ id }) => id === entry.id)
      const fault = overrideFault(entry, merged[earlier])
      if (fault !== null) faults.push(fault)
      else if (earlier >= 0) merged[earlier] = entry
      else merged.push(entry)
    }
  }
  return merged
}

/** Findings and cases call scopes and built-in checks by a name as well: whose a finding is must be clear. */
function noteTakenIds(chain: readonly PolicyFile[], named: readonly Named[], faults: Fault[]): void {
  const scopes = lastOf(chain, 'scopes')
  const own = chain.at(-1)
  for (const { id, source, path } of named) {
    if (source !== own && scopes?.source !== own) continue
    const wanted = 'an id that is none of the scopes and no reason of the gateway'
    if (source === own && Object.hasOwn(REASONS, id)) faults.push(faultAt(source, [...path, 'id'], wanted, id))
    else if (scopes?.value.id === id) {
      const place =
        source === own ? { source, path: [...path, 'id'] } : { source: scopes.source, path: ['scopes', 'id'] }
      faults.push(faultAt(place.source, place.path, wanted, id))
    }
  }
  if (scopes !== null && scopes.source === own && Object.hasOwn(REASONS, scopes.value.id))
    faults.push(faultAt(own, ['scopes', 'id'], 'an id that is no reason of the gateway', scopes.value.id))
}

/** Replacing a rule by accident would be a silent hole, and so would an override that replaces nothing. */
function overrideFault({ id, override, source, path }: Named, earlier: Named | undefined): Fault | null {
  if (earlier !== undefined && (!override || earlier.source === source || earlier.path[0] !== path[0]))
    return faultAt(source, [...path, 'id'], 'an id of its own, or override: true over an extended policy', id)
  if (earlier === undefined && override)
    return faultAt(source, [...path, 'override'], 'a rule of that id in an extended policy', id)
  return null
}

function switchOff(merged: readonly Named[], source: PolicyFile, faults: Fault[]): Named[] {
  const off = source.content.off ?? []
  for (const [index, id] of off.entries()) {
    if (merged.some((entry) => entry.id === id)) continue
    const { rules = [], once = [] } = source.content
    const isOwn = [...rules, ...once].some((entry) => entry.id === id)
    const near = nearestName(
      id,
      merged.map((entry) => entry.id),
    )
    const fault = faultAt(source, ['off', index], 'the id of a rule of an extended policy', id)
    if (isOwn) faults.push({ ...fault, hint: 'this policy declares it itself, and could leave it out' })
    else faults.push(withNearest(fault, near))
  }
  return merged.filter((entry) => !off.includes(entry.id))
}

/** The value a key has after inheritance: the last policy of the chain that sets it wins. */
export function lastOf<Key extends WholeSection>(
  chain: readonly PolicyFile[],
  key: Key,
): Sourced<NonNullable<PolicyFileContent[Key]>> | null {
  for (const source of chain.toReversed()) {
    const value = source.content[key]
    if (value !== undefined) return { source, path: [key], value }
  }
  return null
}

/** Entries of a map after inheritance: entry by entry, the last policy of the chain wins. */
export function mergedEntries<T>(
  chain: readonly PolicyFile[],
  path: readonly string[],
  pick: (content: PolicyFileContent) => Readonly<Record<string, T>> | undefined,
): ReadonlyMap<string, Sourced<T>> {
  const entries = new Map<string, Sourced<T>>()
  for (const source of chain) {
    for (const [name, value] of Object.entries(pick(source.content) ?? {}))
      entries.set(name, { source, path: [...path, name], value })
  }
  return entries
}

export function faultAt(source: PolicyFile, path: KeyPath, wanted: string, found: string): Fault {
  return { file: source.file, ...source.locate(path), path: formatPath(path), wanted, found: found.slice(0, 200) }
}
