import { isScalar, type Document, type LineCounter, type Scalar } from 'yaml'
import type { KeyPath } from './key-path.ts'
import { locatePath, nodeAt, type Place } from './locate-path.ts'

/**
 * Where a character of a text value stands in its file, `offset` counted in the value. Folding and indentation change white space alone,
 * so the other characters are counted; where that does not work out (escapes between quotes) the place of the whole value must do.
 */
export function locateInText(
  source: string,
  document: Document,
  lines: LineCounter,
  path: KeyPath,
  offset: number,
): Place {
  const node = nodeAt(document, path)
  const position =
    isScalar(node) && typeof node.value === 'string' ? positionOf(source, node, node.value, offset) : null
  if (position === null) return locatePath(document, lines, path)
  const { line, col } = lines.linePos(position)
  return { line, column: col }
}

function positionOf(source: string, node: Scalar, value: string, offset: number): number | null {
  const span = writtenSpan(source, node)
  if (span === null) return null
  const [start, end] = span
  if (withoutSpace(source.slice(start, end)) !== withoutSpace(value)) return null
  let before = withoutSpace(value.slice(0, offset)).length
  let position = start
  while (position < end && (before > 0 || /\s/.test(source.charAt(position)))) {
    if (!/\s/.test(source.charAt(position))) before -= 1
    position += 1
  }
  // Behind the last character: there, and not on the next line.
  return position < end ? position : start + source.slice(start, end).trimEnd().length
}

/** The text without its header (`>-`) or its quotes. */
function writtenSpan(source: string, { range, type }: Scalar): readonly [number, number] | null {
  if (!range) return null
  const [start, end] = range
  if (type === 'BLOCK_FOLDED' || type === 'BLOCK_LITERAL') return [source.indexOf('\n', start) + 1, end]
  return type === 'QUOTE_DOUBLE' || type === 'QUOTE_SINGLE' ? [start + 1, end - 1] : [start, end]
}

function withoutSpace(text: string): string {
  return text.replace(/\s+/g, '')
}
