import type { ParsedCertificate } from '../../parse/parsed-certificate.ts'
import type { IssuedCertificate, RevocationStatus } from '../revocation-status.ts'

export interface ResponderRules {
  /** Responders that the operator vouches for, whichever issuer the question is about. */
  readonly extraResponders: readonly ParsedCertificate[]
  /** What another source than OCSP, such as a CRL, says of a delegate without `id-pkix-ocsp-nocheck`; when absent none says it is good. */
  readonly delegateStatus?: (delegate: IssuedCertificate) => RevocationStatus
  readonly now: Date
}
