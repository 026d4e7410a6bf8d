import { escapeControls } from '../document/escape-controls.ts'
import type { NamedRecord, Settlement } from '../tend-registrations.ts'

/** What was done, and what is left to do by hand. */
export function writeSettlement(before: NamedRecord, { isFree, record, events }: Settlement): string {
  if (!isFree) return 'the registration is under way at this moment; nothing done\n'
  const told = events.map(({ kind, detail }) => `${kind}: ${detail}`)
  return [...told, endOf(before, record)].map((line) => `${escapeControls(line)}\n`).join('')
}

function endOf(before: NamedRecord, record: Settlement['record']): string {
  if (record === null) return 'forgotten: its software can register'
  return `${record.state}${record.state === before.record?.state ? ', as before' : ''}${left(record)}`
}

function left({ state, clientId }: NonNullable<Settlement['record']>): string {
  if (state === 'settled') return `: client ${clientId ?? '-'} lives; --remove takes it away`
  if (state === 'granted') return `: client ${clientId ?? '-'} lives`
  return ': look for the client at the identity server by hand, then settle with --forget'
}
