import { escapeControls } from '../document/escape-controls.ts'
import { REGISTRATION_STATES, type NamedRecord } from '../tend-registrations.ts'

const COLUMNS = ['state', 'since', 'client', 'client key', 'endpoint', 'registration'] as const

/** One line each, oldest first. */
export function writeRegistrations(entries: readonly NamedRecord[]): string {
  const rows = [...entries].sort((left, right) => (left.record?.sinceMs ?? 0) - (right.record?.sinceMs ?? 0)).map(rowOf)
  const widths = COLUMNS.map((column, index) => Math.max(column.length, ...rows.map((row) => row[index]?.length ?? 0)))
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd()
  return `${[COLUMNS, ...rows].map(line).join('\n')}\n${rows.length} registration${rows.length === 1 ? '' : 's'}\n`
}

function rowOf({ name, record }: NamedRecord): readonly string[] {
  if (record === null) return ['unreadable', '', '', '', '', name]
  const { state, sinceMs, clientId, clientKey, endpoint, id } = record
  return [state, time(sinceMs), clientId ?? '-', clientKey ?? '-', endpoint, id].map(escapeControls)
}

/** Everything but credentials. */
export function writeRegistration({ name, record }: NamedRecord): string {
  if (record === null) return `record ${name}\n  was written by another edition of the gateway and cannot be read\n`
  const { policy, doubtful, kept, keptUntilMs, dueMs } = record
  const lines: readonly (readonly [string, string | null])[] = [
    ['state', `${record.state}: ${REGISTRATION_STATES[record.state]}`],
    ['since', time(record.sinceMs)],
    ['looked at again', dueMs === null ? 'by hand alone' : time(dueMs)],
    ['client', record.clientId],
    ['client key', record.clientKey],
    ['asked by', record.subject],
    ['certificate', record.thumbprint === null ? null : `${record.thumbprint} (SHA-256 thumbprint)`],
    ['endpoint', record.endpoint],
    ['identity server', record.realm],
    ['policy', `${policy.name} ${policy.version} (${policy.sha256})`],
    ['first attempt', `${record.id} (decision id)`],
    ['latest attempt', `${record.attempt} (decision id)`],
    ['answer kept', kept === null || keptUntilMs === null ? 'no' : `sealed, until ${time(keptUntilMs)}`],
    ['may have left clients', doubtful.length === 0 ? null : doubtful.join(', ')],
  ]
  const written = lines.map(([label, value]) => `  ${label.padEnd(22)}${escapeControls(value ?? '-')}`)
  return `record ${name}\n${written.join('\n')}\n`
}

function time(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d{3}Z$/, 'Z')
}
