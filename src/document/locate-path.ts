import { isAlias, isMap, isNode, isScalar, isSeq, type Document, type LineCounter } from 'yaml'
import type { KeyPath } from './key-path.ts'

/** 1-based; both 0 for no place in particular. */
export interface Place {
  readonly line: number
  readonly column: number
}

export const NOWHERE: Place = Object.freeze({ line: 0, column: 0 })

/** Where a path begins: at its key, or at its entry in a list; where something is missing, at what should contain it. */
export function locatePath(document: Document, lines: LineCounter, path: KeyPath): Place {
  let place = placeOf(document.contents, lines) ?? NOWHERE
  let node: unknown = document.contents
  for (const step of path) {
    const container: unknown = isAlias(node) ? node.resolve(document) : node
    const found = findStep(container, step)
    if (found === null) break
    place = placeOf(found.at, lines) ?? place
    node = found.node
  }
  return place
}

function findStep(container: unknown, step: string | number): { at: unknown; node: unknown } | null {
  if (isSeq(container)) {
    const item = typeof step === 'number' ? container.items[step] : undefined
    return item === undefined ? null : { at: item, node: item }
  }
  if (!isMap(container)) return null
  const pair = container.items.find(({ key }) => isScalar(key) && String(key.value) === String(step))
  return pair === undefined ? null : { at: pair.key, node: pair.value }
}

function placeOf(node: unknown, lines: LineCounter): Place | null {
  if (!isNode(node) || !node.range) return null
  const { line, col } = lines.linePos(node.range[0])
  return { line, column: col }
}
