import type { DescribedItem } from './described-item.ts'

/** One thing that a policy says: every key of a map, or the value itself under `is`. */
export function describeItem(section: string, name: string, from: string, value: unknown): DescribedItem {
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value)
  const leaves = isMap ? leavesOf(value, '') : [['is', value] as const]
  return {
    ...{ section, name, from },
    fields: leaves.map(([key, leaf]) => [key, textOf(leaf)]),
    exact: new Map(leaves.map(([key, leaf]) => [key, exactOf(leaf)])),
  }
}

/** Every key that has a value; maps within come out as dotted keys, so that a change of one entry is one change. */
function leavesOf(value: object, prefix: string): readonly (readonly [string, unknown])[] {
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]): readonly (readonly [string, unknown])[] => {
    if (inner === undefined) return []
    const path = prefix === '' ? key : `${prefix}.${key}`
    const isMap = typeof inner === 'object' && inner !== null && !Array.isArray(inner)
    return isMap && Object.keys(inner).length > 0 ? leavesOf(inner, path) : [[path, inner]]
  })
}

/** One line: expressions lose their line breaks, lists of plain values their brackets. For people alone: different values may look alike. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return onOneLine(value)
  if (!Array.isArray(value)) return JSON.stringify(value)
  const items = value as readonly unknown[]
  return items.every((item) => typeof item === 'string') ? items.join(', ') : JSON.stringify(value)
}

/** Equal for what means the same only: a list is no text, a number no text of digits, and every blank of a literal counts. */
function exactOf(value: unknown): string {
  return JSON.stringify(typeof value === 'string' ? onOneLine(value) : value)
}

/** A literal with its quotes, or blanks outside of one. An apostrophe within plain words keeps whatever stands behind it. */
const LITERAL_OR_BLANKS = /"(?:[^"\\]|\\.)*(?:"|$)|'(?:[^'\\]|\\.)*(?:'|$)|\s+/gs

function onOneLine(text: string): string {
  return text.trim().replaceAll(LITERAL_OR_BLANKS, (found) => (found.trim() === '' ? ' ' : found))
}
