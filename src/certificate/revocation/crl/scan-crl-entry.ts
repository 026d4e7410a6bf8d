import { DerNode, type DerExtent } from '../../../asn1/der-node.ts'
import { DerSyntaxError } from '../../../asn1/der-syntax-error.ts'
import { readIntegerBytes } from '../../../asn1/read-integer.ts'
import { readTime } from '../../../asn1/read-time.ts'
import { TAG } from '../../../asn1/tags.ts'
import { DerCursor } from './der-cursor.ts'
import { scanEntryExtensions, type EntryExtensions } from './scan-entry-extensions.ts'

/** One revoked certificate as its entry lies in the list. */
export interface ScannedEntry {
  readonly serialNumber: DerExtent
  readonly revokedAt: Date
  /** Null when there are none. */
  readonly extensions: EntryExtensions | null
}

const SEQUENCE = 0x30

/** RFC 5280 section 5.1.2.6. @throws DerSyntaxError */
export function scanCrlEntry(source: Buffer, entry: DerExtent): ScannedEntry {
  const parts = new DerCursor(source, entry)
  const serialNumber = parts.take(TAG.integer, 'serial number of entry')
  const time = parts.takeOptional(TAG.utcTime, TAG.generalizedTime)
  if (time === undefined) throw new DerSyntaxError('revocationDate is no time')
  const revokedAt = readTime(primitive(source, time), 'revocationDate')
  const extensions = parts.takeOptional(SEQUENCE)
  parts.end('entry')
  return {
    serialNumber,
    revokedAt,
    extensions: extensions === undefined ? null : scanEntryExtensions(source, extensions),
  }
}

/** Contents of the INTEGER. @throws DerSyntaxError */
export function readSerialNumberBytes(source: Buffer, { serialNumber }: ScannedEntry): Buffer {
  return readIntegerBytes(primitive(source, serialNumber), 'serial number of entry')
}

function primitive(source: Buffer, extent: DerExtent): DerNode {
  return new DerNode('universal', source[extent.start] ?? 0, null, source, extent)
}
