import type { Fault } from '../model/fault.ts'
import { escapeControls } from './escape-controls.ts'

/** The report that people see: every fault of every file, one a line; `consequence` says what became of the attempt. */
export function writeFaults(faults: readonly Fault[], consequence = 'nothing started'): string {
  const files = new Map<string, Fault[]>()
  for (const fault of faults) files.set(fault.file, [...(files.get(fault.file) ?? []), fault])
  return [...files].map(([file, own]) => writeFile(file, own, consequence)).join('')
}

function writeFile(file: string, faults: readonly Fault[], consequence: string): string {
  const header = `${file}: ${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}, ${consequence}`
  // Faults of the file as a whole stand at line 0 and so come first.
  const sorted = faults.toSorted((left, right) => left.line - right.line || left.column - right.column)
  return [header, ...sorted.map(writeFault)].map((line) => `${escapeControls(line)}\n`).join('')
}

function writeFault({ line, path, wanted, found, hint }: Fault): string {
  const place = [line > 0 ? `line ${line}` : '', path].filter((part) => part !== '').join(', ')
  const advice = hint === undefined ? '' : `; ${hint}`
  return `  ✖ ${place}${place === '' ? '' : ': '}wanted ${wanted}, found ${found}${advice}`
}
