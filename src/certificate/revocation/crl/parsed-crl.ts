import type { DistinguishedName } from '../../../distinguished-name/distinguished-name.ts'
import type { SignedData } from '../../path/verify-signature.ts'
import type { CrlEntries } from './crl-entries.ts'
import type { IssuingDistributionPoint } from './read-issuing-distribution-point.ts'

/** A certificate revocation list, well-formed but for its entries, which nobody has read yet; nothing in it is verified. */
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
  /** Of the name in its scope; null without one. Made once, since every point of a certificate is held against them. */
  readonly scopeNameKeys: ReadonlySet<string> | null
  /** A critical extension of the list that nobody here understands: it is of no use (section 5.2). Its entries may have others. */
  readonly notUnderstood: string | null
  readonly entries: CrlEntries
}
