import type { DerExtent } from '../../../asn1/der-node.ts'
import { DerSyntaxError } from '../../../asn1/der-syntax-error.ts'
import { readDer } from '../../../asn1/read-der.ts'
import { readGeneralNames } from '../../parse/read-general-names.ts'
import { CRL_EXTENSION } from './crl-extension-oids.ts'
import { DerCursor } from './der-cursor.ts'
import { ENTRY_LIMIT, EntryIndex, type IssuerChange } from './entry-index.ts'
import { readSerialNumberBytes, scanCrlEntry } from './scan-crl-entry.ts'
import { serialNumberHash } from './serial-number-hash.ts'

export interface ParsedEntries {
  readonly index: EntryIndex
  /** A critical extension of an entry that nobody here understands. */
  readonly notUnderstood: string | null
}

/** Whose list it is, and whether it may list certificates of others. */
interface ListScope {
  readonly issuerKey: string
  readonly indirect: boolean
}

const SEQUENCE = 0x30
/** Names cost far more to read than serial numbers; an authority signs for a few others at the most. */
const ISSUER_CHANGE_LIMIT = 4_096

/** RFC 5280 section 5.1.2.6; null for a list without entries. @throws DerSyntaxError */
export function parseCrlEntries(source: Buffer, list: DerExtent | null, scope: ListScope): ParsedEntries {
  const starts: number[] = []
  const hashes: number[] = []
  const issuerChanges: IssuerChange[] = [{ from: 0, issuerKeys: [scope.issuerKey] }]
  let notUnderstood: string | null = null
  const cursor = list === null ? null : new DerCursor(source, list)
  while (cursor?.atEnd === false) {
    const entry = cursor.take(SEQUENCE, 'entry')
    const scanned = scanCrlEntry(source, entry)
    if (starts.length >= ENTRY_LIMIT) throw new DerSyntaxError(`more than ${ENTRY_LIMIT} entries`)
    const certificateIssuer = scanned.extensions?.certificateIssuer ?? null
    if (issuerChanges.length > ISSUER_CHANGE_LIMIT) throw new DerSyntaxError(`more than ${ISSUER_CHANGE_LIMIT} issuers`)
    if (certificateIssuer !== null) issuerChanges.push(readIssuerChange(certificateIssuer, starts.length))
    // RFC 5280 section 5.3.3: only indirect lists have it, so in another one nobody can say whom the entry means.
    const misplaced = certificateIssuer !== null && !scope.indirect ? CRL_EXTENSION.certificateIssuer : null
    notUnderstood ??= scanned.extensions?.notUnderstood ?? misplaced
    starts.push(entry.start)
    hashes.push(serialNumberHash(readSerialNumberBytes(source, scanned)))
  }
  return { index: new EntryIndex(source, starts, hashes, issuerChanges), notUnderstood }
}

function readIssuerChange(certificateIssuer: Buffer, from: number): IssuerChange {
  const names = readGeneralNames(readDer(certificateIssuer).children, 'certificateIssuer')
  return { from, issuerKeys: names.flatMap((name) => (name.form === 'directory' ? name.key : [])) }
}
