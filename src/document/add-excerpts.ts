import type { Excerpt, Fault } from '../model/fault.ts'
import { escapeControls } from './escape-controls.ts'

/** Excerpts of longer lines are cut on both sides of the place. */
const LONGEST_EXCERPT = 120
const SHOWN_BEFORE = 60

/**
 * The faults of a file with the line of each. For files that hold no secrets only: an excerpt shows whatever stands beside the mistake,
 * and reports end in logs.
 */
export function addExcerpts(faults: readonly Fault[], file: string, text: string): readonly Fault[] {
  const lines = text.split(/\r\n|\n|\r/)
  return faults.map((fault) => {
    const line = fault.file === file && fault.column > 0 ? lines[fault.line - 1] : undefined
    return line === undefined || line.trim() === '' ? fault : { ...fault, excerpt: cut(line, fault.column) }
  })
}

/** Controls are escaped here, so that the caret is counted in what is shown. */
function cut(line: string, column: number): Excerpt {
  const start = line.length > LONGEST_EXCERPT ? Math.max(0, column - 1 - SHOWN_BEFORE) : 0
  const before = escapeControls(line.slice(start, column - 1))
  const after = escapeControls(line.slice(Math.max(start, column - 1), start + LONGEST_EXCERPT))
  return { text: before + after, caret: Array.from(before).length }
}
