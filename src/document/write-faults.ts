import type { Fault } from '../model/fault.ts'
import { escapeControls } from './escape-controls.ts'

/**
 * The report that people see: every fault of every file, its place in the form that terminals and editors make links of, and under it
 * the line where there is an excerpt; `consequence` says what became of the attempt.
 */
export function writeFaults(faults: readonly Fault[], consequence = 'nothing started'): string {
  return writeByFile(faults, (count) => `${countOf(count, 'fault')}, ${consequence}`, '✖')
}

/** The same for what somebody should mend, and nothing came to a halt for. */
export function writeWarnings(warnings: readonly Fault[]): string {
  return writeByFile(warnings, (count) => countOf(count, 'warning'), '⚠')
}

/** `1 fault`, `2 faults`. */
export function countOf(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`
}

function writeByFile(faults: readonly Fault[], describe: (count: number) => string, mark: string): string {
  const files = new Map<string, Fault[]>()
  for (const fault of faults) files.set(fault.file, [...(files.get(fault.file) ?? []), fault])
  const lines = [...files].flatMap(([file, own]) => [
    `${file}: ${describe(own.length)}`,
    // Faults of the file as a whole stand at line 0 and so come first.
    ...own
      .toSorted((left, right) => left.line - right.line || left.column - right.column)
      .flatMap((fault) => [writeFault(fault, mark), ...writeExcerpt(fault)]),
  ])
  return lines.map((line) => `${escapeControls(line)}\n`).join('')
}

function writeFault({ file, line, column, path, wanted, found, hint }: Fault, mark: string): string {
  const link = line > 0 ? `${file}:${line}${column > 0 ? `:${column}` : ''}` : ''
  const place = [link, path].filter((part) => part !== '').join(' ')
  const advice = hint === undefined ? '' : `; ${hint}`
  return `  ${mark} ${place}${place === '' ? '' : ': '}wanted ${wanted}, found ${found}${advice}`
}

/** The line with its number, and a caret under the place. */
function writeExcerpt({ line, excerpt }: Fault): readonly string[] {
  if (excerpt === undefined) return []
  const margin = `      ${line} | `
  return [`${margin}${excerpt.text}`, `${' '.repeat(margin.length - 2)}| ${' '.repeat(excerpt.caret)}^`]
}
