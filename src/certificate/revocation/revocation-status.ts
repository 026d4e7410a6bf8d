import type { ParsedCertificate } from '../parse/parsed-certificate.ts'

/** A certificate of a verified path together with whoever issued it there. */
export interface IssuedCertificate {
  readonly certificate: ParsedCertificate
  readonly issuer: ParsedCertificate
}

export type RevocationSource = 'crl' | 'ocsp'

export interface RevokedStatus {
  readonly kind: 'revoked'
  readonly source: RevocationSource
  readonly revokedAt: Date
  /** RFC 5280 section 5.3.1 name such as `keyCompromise`; null when none is given. */
  readonly reason: string | null
}

/**
 * What one source says of one certificate, by what the source itself signed. `unknown` is everything else: no answer, one that is out of
 * date or not to be believed, or a responder that does not know; `why` is for the operator and quotes nothing of an answer.
 */
export type RevocationStatus =
  | {
      readonly kind: 'good'
      readonly source: RevocationSource
      readonly thisUpdate: Date
      /** Null where the source names none. */
      readonly nextUpdate: Date | null
    }
  | RevokedStatus
  | { readonly kind: 'unknown'; readonly why: string }
