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
  for (const { at } of walkPath(document, path)) place = placeOf(at, lines) ?? place
  return place
}

/** The value at the very end of a path; null where there is none. */
export function nodeAt(document: Document, path: KeyPath): unknown {
  const steps = walkPath(document, path)
  const node: unknown = path.length === 0 ? document.contents : steps[path.length - 1]?.node
  return isAlias(node) ? node.resolve(document) : (node ?? null)
}

interface FoundStep {
  readonly at: unknown
  readonly node: unknown
}

/** As far as the path leads into the document. */
function walkPath(document: Document, path: KeyPath): readonly FoundStep[] {
  const steps: FoundStep[] = []
  let node: unknown = document.contents
  for (const step of path) {
    const container: unknown = isAlias(node) ? node.resolve(document) : node
    const found = findStep(container, step)
    if (found === null) break
    steps.push(found)
    node = found.node
  }
  return steps
}

function findStep(container: unknown, step: string | number): FoundStep | null {
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
