import type { DerExtent } from '../../../asn1/der-node.ts'
import { DerSyntaxError } from '../../../asn1/der-syntax-error.ts'
import { readDer } from '../../../asn1/read-der.ts'
import { readObjectIdentifier } from '../../../asn1/read-object-identifier.ts'
import { TAG } from '../../../asn1/tags.ts'
import { DerCursor } from './der-cursor.ts'

/** What the extensions of an entry say (RFC 5280 section 5.3). */
export interface EntryExtensions {
  /** Name such as `keyCompromise`; null when none is given. */
  readonly reason: string | null
  /** GeneralNames; null when the issuer is that of the entry before (section 5.3.3). */
  readonly certificateIssuer: Buffer | null
  /** A critical extension that nobody here understands. */
  readonly notUnderstood: string | null
}

const SEQUENCE = 0x30
/** Last arc below id-ce, 2.5.29. */
const ID_CE = { reasonCode: 21, invalidityDate: 24, certificateIssuer: 29 } as const
const UNDERSTOOD: readonly (number | null)[] = Object.values(ID_CE)

/** CRLReason by its number (section 5.3.1); 7 is not used. */
const REASONS: Readonly<Record<number, string>> = {
  0: 'unspecified',
  1: 'keyCompromise',
  2: 'cACompromise',
  3: 'affiliationChanged',
  4: 'superseded',
  5: 'cessationOfOperation',
  6: 'certificateHold',
  8: 'removeFromCRL',
  9: 'privilegeWithdrawn',
  10: 'aACompromise',
}

interface ScannedExtension {
  readonly arc: number | null
  readonly type: DerExtent
  readonly critical: boolean
  readonly value: Buffer
}

/** @throws DerSyntaxError */
export function scanEntryExtensions(source: Buffer, list: DerExtent): EntryExtensions {
  const parts = new DerCursor(source, list)
  const extensions: ScannedExtension[] = []
  while (!parts.atEnd) extensions.push(scanExtension(source, parts.take(SEQUENCE, 'extension of entry')))
  const valueOf = (arc: number): Buffer | null => onlyOne(extensions.filter((extension) => extension.arc === arc))
  const reason = valueOf(ID_CE.reasonCode)
  const unknown = extensions.find(({ arc, critical }) => critical && !UNDERSTOOD.includes(arc))
  return {
    reason: reason === null ? null : readReason(reason),
    certificateIssuer: valueOf(ID_CE.certificateIssuer),
    notUnderstood: unknown === undefined ? null : readType(source, unknown.type),
  }
}

function scanExtension(source: Buffer, extension: DerExtent): ScannedExtension {
  const parts = new DerCursor(source, extension)
  const type = parts.take(TAG.objectIdentifier, 'type of extension')
  const critical = parts.takeOptional(TAG.boolean)
  const value = parts.take(TAG.octetString, 'value of extension')
  parts.end('extension of entry')
  return {
    arc: arcBelowIdCe(source, type),
    type,
    critical: critical !== undefined && isTrue(source, critical),
    value: source.subarray(value.contentsStart, value.end),
  }
}

function arcBelowIdCe(source: Buffer, { contentsStart, end }: DerExtent): number | null {
  const isBelow = end - contentsStart === 3 && source[contentsStart] === 0x55 && source[contentsStart + 1] === 0x1d
  return isBelow ? (source[contentsStart + 2] ?? null) : null
}

/** X.690 section 11.1. */
function isTrue(source: Buffer, { contentsStart, end }: DerExtent): boolean {
  const value = source[contentsStart]
  if (end - contentsStart !== 1 || (value !== 0x00 && value !== 0xff))
    throw new DerSyntaxError('critical is no boolean')
  return value === 0xff
}

function onlyOne(extensions: readonly ScannedExtension[]): Buffer | null {
  if (extensions.length > 1) throw new DerSyntaxError('extension of entry occurs twice')
  return extensions[0]?.value ?? null
}

/** The DER of an ENUMERATED of one byte. */
function readReason(value: Buffer): string {
  const reason =
    value.length === 3 && value[0] === TAG.enumerated && value[1] === 1 ? REASONS[value[2] ?? 7] : undefined
  if (reason === undefined) throw new DerSyntaxError('reasonCode is none')
  return reason
}

function readType(source: Buffer, { start, end }: DerExtent): string {
  return readObjectIdentifier(readDer(source.subarray(start, end)), 'type of extension')
}
