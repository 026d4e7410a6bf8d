import type { ParsedCertificate } from '../../parse/parsed-certificate.ts'
import type { SignedData } from '../../path/verify-signature.ts'
import type { CertId } from './cert-id.ts'

export type OcspErrorStatus = 'malformedRequest' | 'internalError' | 'tryLater' | 'sigRequired' | 'unauthorized'

/** The responder gives no answer, and nobody signs that (RFC 6960 section 2.3). */
export interface OcspErrorResponse {
  readonly kind: 'error'
  readonly status: OcspErrorStatus
}

/** Who says to have signed. */
export type ResponderId =
  | {
      readonly kind: 'name'
      /** Equal to the `subjectKey` of the responder's certificate. */
      readonly subjectKey: string
    }
  /** SHA-1 of the responder's public key. */
  | { readonly kind: 'key'; readonly hash: Buffer }

export type CertStatus =
  | { readonly kind: 'good' }
  | { readonly kind: 'revoked'; readonly revokedAt: Date; readonly reason: string | null }
  | { readonly kind: 'unknown' }

/** What is said of one certificate (RFC 6960 section 4.2.1). */
export interface SingleResponse {
  readonly certId: CertId
  readonly status: CertStatus
  readonly thisUpdate: Date
  readonly nextUpdate: Date | null
  /** OID of a critical extension that could change the meaning; null when there is none. */
  readonly unknownCritical: string | null
}

/** A BasicOCSPResponse taken apart; nothing in it is verified. */
export interface BasicOcspResponse extends SignedData {
  readonly kind: 'basic'
  readonly responderId: ResponderId
  readonly producedAt: Date
  readonly responses: readonly SingleResponse[]
  readonly nonce: Buffer | null
  readonly unknownCritical: string | null
  /** Carried outside the signed part, those that are no certificates left out; taken apart anew with every call. */
  readonly certificates: () => readonly ParsedCertificate[]
}

export type ParsedOcspResponse = OcspErrorResponse | BasicOcspResponse
