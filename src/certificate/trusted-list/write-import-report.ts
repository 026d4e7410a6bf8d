import { escapeControls } from '../../document/escape-controls.ts'
import { writeDistinguishedName } from '../../distinguished-name/write-distinguished-name.ts'
import type { ImportPlan } from './import-trusted-list.ts'
import { countReasons, type LeftOut, type LeftOutReason, type ListedRoot } from './select-services.ts'

const CELL_LIMIT_CHARACTERS = 40
const LINE_LIMIT_CHARACTERS = 300
const HEAD = ['territory', 'provider', 'service', 'subject', 'valid until']

/** Reasons that concern most services of any list and call for nothing: their number is enough. */
const COUNTED_ONLY: readonly LeftOutReason[] = ['of another type', 'not granted', 'granted for other purposes']

/** What an import tells people: each root that is trusted now, and what was left out and why. */
export function writeImportReport(plan: ImportPlan, folder: string): string {
  const { scheme, selection, serviceCount, files } = plan
  const { territory, operator, sequenceNumber, issued, nextUpdate } = scheme
  const taken = new Set(selection.roots.flatMap(({ services }) => services)).size
  const lines = [
    `list ${sequenceNumber} of ${territory}, ${operator}, issued ${day(issued)}, next update ${day(nextUpdate)}`,
    '',
    ...writeTable([HEAD, ...selection.roots.map((root) => rowOf(territory, root))]),
    '',
    `${folder}: ${files.length} ${files.length === 1 ? 'root' : 'roots'} of ${taken} services, out of ${serviceCount} in the list`,
    ...writeLeftOut(selection.leftOut),
  ]
  return lines.map((line) => `${escapeControls(line)}\n`).join('')
}

function rowOf(territory: string, { certificate, services: [service, ...more] }: ListedRoot): readonly string[] {
  const others = more.length === 0 ? '' : ` (+${more.length})`
  const { subject, notAfter } = certificate.facts
  const room = CELL_LIMIT_CHARACTERS - others.length
  const name = `${shorten(service.name, room)}${others}`
  return [territory, service.provider, name, writeDistinguishedName(subject), day(notAfter)]
}

function writeTable(rows: readonly (readonly string[])[]): readonly string[] {
  const cells = rows.map((row) => row.map((cell) => shorten(escapeControls(cell), CELL_LIMIT_CHARACTERS)))
  const widths = HEAD.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)))
  return cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

function writeLeftOut(leftOut: readonly LeftOut[]): readonly string[] {
  return Array.from(countReasons(leftOut)).flatMap(([reason, count]) => [
    `left out ${count} ${reason}`,
    ...(COUNTED_ONLY.includes(reason) ? [] : leftOut.filter((one) => one.reason === reason).map(describe)),
  ])
}

function describe({ service: { provider, name }, detail }: LeftOut): string {
  return `  ${shorten(`${provider}, ${name}${detail === '' ? '' : `: ${detail}`}`, LINE_LIMIT_CHARACTERS)}`
}

function shorten(text: string, limit: number): string {
  const characters = Array.from(text)
  return characters.length <= limit ? text : `${characters.slice(0, limit - 1).join('')}…`
}

function day(time: Date): string {
  return time.toISOString().slice(0, 10)
}
