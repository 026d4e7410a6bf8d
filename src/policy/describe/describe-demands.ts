import type { PolicyFile } from '../compile/policy-file.ts'
import { fieldsOf, textOf, type Field } from './describe-fields.ts'
import type { DescribedItem } from './described-item.ts'

/** Maps below a section whose entries are inherited one by one; all other keys of a section are replaced whole. */
const ENTRY_BY_ENTRY: ReadonlySet<string> = new Set([
  'softwareStatement.claims',
  'softwareStatement.directories',
  'signedRequest.claims',
  'response.set',
  'response.headers',
])

/** Every section that is not among the handled ones, key by key with who says it last; lists are those of all policies, in order. */
export function describeDemands(chain: readonly PolicyFile[], handled: ReadonlySet<string>): readonly DescribedItem[] {
  const items = new Map<string, DescribedItem>()
  for (const { content } of chain) {
    for (const [section, value] of Object.entries(content) as [string, unknown][]) {
      if (handled.has(section) || value === undefined) continue
      for (const [name, part] of partsOf(content.name, section, value))
        items.set(`${section} ${name}`, { section, name, from: content.name, fields: describePart(part) })
    }
  }
  const sections = [...new Set([...items.values()].map(({ section }) => section))]
  return sections.flatMap((section) => [...items.values()].filter((item) => item.section === section))
}

type Part = readonly [name: string, part: unknown]

function partsOf(policy: string, section: string, value: unknown): readonly Part[] {
  if (Array.isArray(value))
    return (value as unknown[]).map((item, index) => [idOf(item) ?? `${policy} ${section}[${index}]`, item])
  if (typeof value !== 'object' || value === null) return [[section, value]]
  return Object.entries(value).flatMap(([key, part]: [string, unknown]): readonly Part[] => {
    if (!ENTRY_BY_ENTRY.has(`${section}.${key}`) || typeof part !== 'object' || part === null) return [[key, part]]
    return Object.entries(part).map(([entry, inner]: [string, unknown]): Part => [`${key}.${entry}`, inner])
  })
}

function idOf(item: unknown): string | null {
  if (typeof item !== 'object' || item === null || !('id' in item)) return null
  return typeof item.id === 'string' ? item.id : null
}

function describePart(part: unknown): readonly Field[] {
  return typeof part === 'object' && part !== null && !Array.isArray(part) ? fieldsOf(part) : [['is', textOf(part)]]
}
