import { CERTIFICATE_FAULTS } from './certificate-faults.ts'
import { COUNTED_EVENTS } from '../../src/operations/counted-events.ts'
import { METRICS } from '../../src/operations/metrics.ts'
import { trustSettingsSchema } from '../../src/certificate/trust/trust-settings-schema.ts'
import { REASONS, reasonEntry, type Reason } from '../../src/model/reasons.ts'
import { declaredType } from '../../src/policy/expression/fact-values.ts'
import { ERROR_TYPES, FACTS, FIXED_TYPES } from '../../src/policy/expression/facts.ts'
import { POLICY_FUNCTIONS } from '../../src/policy/expression/functions.ts'
import { NEXT_STEPS, REGISTRATION_STATES, type RegistrationState } from '../../src/registry/registration-record.ts'
import { writeSettingsTable } from '../../src/settings/settings-table.ts'

/** Every list in the documents that the code holds as well: document, marker, and the text between the markers. */
export const DOCUMENTED_LISTS: readonly {
  readonly document: string
  readonly marker: string
  readonly write: () => string
}[] = [
  { document: 'README.md', marker: 'reasons', write: writeReasons },
  { document: 'README.md', marker: 'certificate-faults', write: writeCertificateFaults },
  { document: 'README.md', marker: 'metrics', write: writeMetrics },
  { document: 'README.md', marker: 'events', write: writeEvents },
  { document: 'README.md', marker: 'settings', write: writeSettings },
  { document: 'README.md', marker: 'registration-states', write: writeRegistrationStates },
  { document: 'certs/README.md', marker: 'trust-settings', write: writeTrustSettings },
  { document: 'policies/README.md', marker: 'functions', write: writeFunctions },
  { document: 'policies/README.md', marker: 'facts', write: writeFacts },
  { document: 'policies/README.md', marker: 'names', write: writeNames },
]

/** Puts the text between its markers. @throws when the document has no such markers */
export function insertList(text: string, marker: string, list: string): string {
  const [start, end] = [`<!-- ${marker} -->`, `<!-- /${marker} -->`]
  const [from, to] = [text.indexOf(start), text.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`no markers ${start} and ${end}`)
  return `${text.slice(0, from + start.length)}\n\n${list}\n\n${text.slice(to)}`
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

function writeReasons(): string {
  const rows = (Object.keys(REASONS) as Reason[]).map((reason) => {
    const { status, error, remedy } = reasonEntry(reason)
    return [`\`${reason}\``, String(status), `\`${error}\``, remedy]
  })
  return table(['reason', 'status', 'error', 'what the registrant is told to do'], rows)
}

function writeCertificateFaults(): string {
  const rows = Object.entries(CERTIFICATE_FAULTS).map(([fault, reason]) =>
    reason === null ? [fault, '', 'goes on'] : [fault, String(reasonEntry(reason).status), `\`${reason}\``],
  )
  return table(['a client that presents', 'status', 'hears'], rows)
}

function writeRegistrationStates(): string {
  const rows = Object.entries(REGISTRATION_STATES).map(([state, meaning]) => {
    const { attempt, sweeper } = NEXT_STEPS[state as RegistrationState]
    return [`\`${state}\``, meaning, attempt, sweeper]
  })
  return table(['state', 'what happened', 'the next attempt of the software', 'the sweeper'], rows)
}

/** Those of our own; what prom-client measures of the process is documented there. */
function writeMetrics(): string {
  const rows = METRICS.map(({ name, help, labelNames }) => [
    `\`${name}\``,
    labelNames.map((label) => `\`${label}\``).join(' '),
    help,
  ])
  return table(['metric', 'labels', 'counts'], rows)
}

function writeEvents(): string {
  return table(
    ['event', 'what happened'],
    Object.entries(COUNTED_EVENTS).map(([event, meaning]) => [`\`${event}\``, meaning]),
  )
}

function writeSettings(): string {
  return writeSettingsTable().trimEnd()
}

function writeTrustSettings(): string {
  return writeSettingsTable(trustSettingsSchema).trimEnd()
}

function writeFunctions(): string {
  const rows = POLICY_FUNCTIONS.map(({ signature, meaning, example: [expression, result] }) => [
    `\`${publicSignature(signature)}\``,
    meaning,
    `\`${expression}\` → \`${JSON.stringify(result)}\``,
  ])
  return table(['function', 'meaning', 'example'], rows)
}

/** As a policy author writes it: `sets.contains`, not the type the library knows it by. */
function publicSignature(signature: string): string {
  return signature
    .replace(/^Sets\./, 'sets.')
    .replace(/^DistinguishedNames\./, 'dn.')
    .replaceAll('<', '(')
    .replaceAll('>', ')')
}

function writeFacts(): string {
  return table(
    ['name', 'is'],
    Object.entries(FACTS).map(([name, { is }]) => [`\`${name}\``, is]),
  )
}

function writeNames(): string {
  const rows = Object.entries({ ...FIXED_TYPES, ...ERROR_TYPES }).flatMap(([type, fields]) =>
    Object.entries<string>(fields).map(([field, fieldType]) => [
      ...[type, `\`${field}\``, `\`${declaredType(fieldType)}\``],
      fieldType.endsWith('?') ? 'may be' : '',
    ]),
  )
  return table(['type', 'field', 'of type', 'absent'], rows)
}
