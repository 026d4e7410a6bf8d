import { createHash } from 'node:crypto'
import { INHERITANCE, INHERITANCE_OF_KEYS, type Inheritance } from '../compile/inheritance.ts'
import type { PolicyFile } from '../compile/policy-file.ts'
import { describeItem } from './describe-item.ts'
import type { DescribedItem } from './described-item.ts'

/** One thing that a section of one policy says, and what it replaces of the policies before. */
interface Part {
  readonly name: string
  readonly value: unknown
  /** Told apart by this; what is said later under the same key is in force. */
  readonly key: string
}

/** A section with inheritance resolved as INHERITANCE says, each part with who says it. */
export function describeSection(chain: readonly PolicyFile[], section: keyof typeof INHERITANCE): DescribedItem[] {
  const items = new Map<string, DescribedItem>()
  for (const file of chain) {
    const said: unknown = file.content[section]
    if (said === undefined) continue
    if (INHERITANCE[section] === 'whole') items.clear()
    for (const { key, name, value } of partsOf(file, section, said)) {
      if (section === 'reasons') forgetGroup(items, name)
      // Behind those that stay, as one that is there for the first time.
      items.delete(key)
      items.set(key, describeItem(section, name, file.content.name, value))
    }
  }
  return [...items.values()]
}

/** What a later policy says of a group of reasons replaces what was said of each. */
function forgetGroup(items: Map<string, DescribedItem>, group: string): void {
  if (!group.endsWith('*')) return
  for (const key of [...items.keys()]) if (key.startsWith(group.slice(0, -1))) items.delete(key)
}

function partsOf(file: PolicyFile, section: keyof typeof INHERITANCE, said: unknown): readonly Part[] {
  if (!isMap(said)) return [{ key: section, name: section, value: said }]
  return Object.entries(said).flatMap(([name, value]): readonly Part[] => {
    const below: Inheritance | undefined = INHERITANCE_OF_KEYS[`${section}.${name}`]
    if (below === 'union')
      return (value as readonly unknown[]).map((one) => ({ key: `${name} ${String(one)}`, name, value: one }))
    if (below !== 'by entry' || !isMap(value)) return [{ key: name, name, value }]
    return Object.entries(value).map(([entry, inner]) => {
      const path = `${name}.${entry}`
      return { key: path, name: path, value: withKeys(file, inner) }
    })
  })
}

/** Whose keys count is a part of what the policy says, and a file of keys may change while its name stays. */
function withKeys({ keyFiles }: PolicyFile, value: unknown): unknown {
  if (!isMap(value) || typeof value['jwksFile'] !== 'string') return value
  const keys = keyFiles.get(value['jwksFile'])
  return keys === undefined ? value : { ...value, jwksSha256: createHash('sha256').update(keys).digest('hex') }
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
