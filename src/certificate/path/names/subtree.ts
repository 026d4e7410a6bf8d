import type { GeneralName } from '../../parse/general-name.ts'
import { isEmailWithin, isHostOfUriWithin, isHostWithin, type Side } from './text-subtree.ts'

/** Mail addresses beyond ASCII, which constraints on mail addresses bind as well (RFC 9598 section 6). */
const SMTP_UTF8_MAILBOX = '1.3.6.1.5.5.7.8.9'

/** Whether a constraint with this base has anything to say of a name. */
export function concerns(base: GeneralName, name: GeneralName): boolean {
  if (name.form !== 'other') return base.form === name.form
  if (base.form === 'other') return base.typeId === name.typeId
  return base.form === 'email' && name.typeId === SMTP_UTF8_MAILBOX
}

/**
 * Whether a name lies in the subtree below a base that concerns it (RFC 5280 section 4.2.1.10). What cannot be compared, such as a URI
 * without a host or a form without rules, counts against the name.
 */
export function isWithinSubtree(base: GeneralName, name: GeneralName, side: Side): boolean {
  const within = compare(base, name, side)
  return within ?? side === 'excluded'
}

/** Null for what cannot be compared. */
function compare(base: GeneralName, name: GeneralName, side: Side): boolean | null {
  if (base.form === 'directory') return name.form === 'directory' ? isDirectoryWithin(base.key, name.key) : null
  if (base.form === 'ip') return name.form === 'ip' ? isAddressWithin(base.bytes, name.bytes) : null
  if (base.form === 'dns') return name.form === 'dns' ? isHostWithin(base.text, name.text, side) : null
  if (base.form === 'email') return name.form === 'email' ? isEmailWithin(base.text, name.text, side) : null
  if (base.form === 'uri') return name.form === 'uri' ? isHostOfUriWithin(base.text, name.text) : null
  return null
}

/** The RDNs of the base come first; a key separates RDNs by a character that no value can hold. */
function isDirectoryWithin(base: string, name: string): boolean {
  return base === '' || name === base || name.startsWith(`${base}\x02`)
}

function isAddressWithin(range: Buffer, address: Buffer): boolean {
  if (range.length !== 2 * address.length) return false
  return address.every((byte, index) => {
    const mask = range[address.length + index] ?? 0
    return (byte & mask) === ((range[index] ?? 0) & mask)
  })
}
