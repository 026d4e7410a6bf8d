import type { DerNode } from './der-node.ts'
import { DerSyntaxError } from './der-syntax-error.ts'
import { expectUniversal } from './expect-node.ts'
import { TAG } from './tags.ts'

/** Longer than any OID in use; a UUID-based one takes 21. */
const OID_LIMIT_BYTES = 64

/** Dotted form (X.690 section 8.19). @throws DerSyntaxError */
export function readObjectIdentifier(node: DerNode | undefined, what: string): string {
  const { contents } = expectUniversal(node, TAG.objectIdentifier, what)
  const last = contents.at(-1)
  if (last === undefined || last >= 0x80 || contents.length > OID_LIMIT_BYTES)
    throw new DerSyntaxError(`${what} is no OID`)
  return dottedForm(contents, what)
}

/** Numbers while they are exact, then BigInt: UUIDs are arcs of 128 bits. */
function dottedForm(contents: Buffer, what: string): string {
  let dotted = ''
  let arc: number | bigint = 0
  let atStart = true
  for (const byte of contents) {
    // A padded arc would be a second spelling of the same OID.
    if (atStart && byte === 0x80) throw new DerSyntaxError(`${what} is no OID`)
    arc =
      typeof arc === 'number' && arc < 2 ** 45 ? arc * 128 + (byte & 0x7f) : (BigInt(arc) << 7n) | BigInt(byte & 0x7f)
    atStart = byte < 0x80
    if (!atStart) continue
    dotted += dotted === '' ? splitFirst(arc) : `.${arc}`
    arc = 0
  }
  return dotted
}

/** The first two arcs share one: the first is 0, 1 or 2, the second below 40 under 0 and 1. */
function splitFirst(first: number | bigint): string {
  if (first >= 80) return `2.${typeof first === 'number' ? first - 80 : first - 80n}`
  return first < 40 ? `0.${first}` : `1.${Number(first) - 40}`
}
