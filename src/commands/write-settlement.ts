import { escapeControls } from '../document/escape-controls.ts'
import type { HowToSettle, NamedRecord, Settlement } from '../tend-registrations.ts'

/** What was done, and what is left to do by hand. */
export function writeSettlement(before: NamedRecord, how: HowToSettle, { isFree, record, events }: Settlement): string {
  if (!isFree) return 'the registration is under way at this moment; nothing done\n'
  const told = events.map(({ kind, detail }) => `${kind}: ${detail}`)
  return [...told, endOf(before, how, record)].map((line) => `${escapeControls(line)}\n`).join('')
}

function endOf(before: NamedRecord, how: HowToSettle, record: Settlement['record']): string {
  if (record === null) return 'forgotten: its software can register'
  return `${record.state}${record.state === before.record?.state ? ', as before' : ''}${left(how, record)}`
}

function left(how: HowToSettle, { state, clientId }: NonNullable<Settlement['record']>): string {
  if (how !== 'remove' && (state === 'settled' || state === 'granted'))
    return `: client ${clientId ?? '-'} lives; --remove takes it away`
  return ': look for the client at the identity server by hand, then settle with --forget'
}
