import type { DistinguishedName } from '../../../distinguished-name/distinguished-name.ts'
import type { SignedData } from '../../path/verify-signature.ts'
import type { CrlEntries } from './crl-entries.ts'
import type { IssuingDistributionPoint } from './read-issuing-distribution-point.ts'

/** A well-formed certificate revocation list; nothing in it is verified. */
export interface ParsedCrl extends SignedData {
  readonly issuer: DistinguishedName
  /** Equal to a certificate's `subjectKey` exactly when the names match (RFC 5280 section 7.1). */
  readonly issuerKey: string
  readonly thisUpdate: Date
  readonly nextUpdate: Date | null
  /** Null when absent. */
  readonly crlNumber: bigint | null
  /** Which list this one amends; null for a complete list (RFC 5280 section 5.2.4). */
  readonly baseCrlNumber: bigint | null
  /** Hexadecimal; null when absent. */
  readonly authorityKeyId: string | null
  readonly issuingDistributionPoint: IssuingDistributionPoint | null
  /** A critical extension of the list or of one of its entries that nobody here understands: the list is of no use (section 5.2). */
  readonly notUnderstood: string | null
  readonly entries: CrlEntries
}
