import { certificatesOf, type CertificatePath } from './certificate-path.ts'
import type { ParsedCertificate } from '../parse/parsed-certificate.ts'

/** When every certificate of a path is valid, and which of them set the bounds; both moments included (RFC 5280 section 4.1.2.5). */
export interface ValidityWindow {
  readonly notBefore: Date
  readonly notBeforeOf: ParsedCertificate
  readonly notAfter: Date
  readonly notAfterOf: ParsedCertificate
}

export function validityWindow(path: CertificatePath): ValidityWindow {
  const certificates = certificatesOf(path)
  const notBeforeOf = certificates.reduce((latest, next) =>
    next.facts.notBefore > latest.facts.notBefore ? next : latest,
  )
  const notAfterOf = certificates.reduce((earliest, next) =>
    next.facts.notAfter < earliest.facts.notAfter ? next : earliest,
  )
  return { notBefore: notBeforeOf.facts.notBefore, notBeforeOf, notAfter: notAfterOf.facts.notAfter, notAfterOf }
}
