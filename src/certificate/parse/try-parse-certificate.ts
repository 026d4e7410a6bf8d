import { CertificateSyntaxError, parseCertificate } from './parse-certificate.ts'
import type { ParsedCertificate } from './parsed-certificate.ts'

/** For those who go on with the next certificate, or report all faults at once: what is wrong is a value. */
export function tryParseCertificate(der: Buffer): ParsedCertificate | CertificateSyntaxError {
  try {
    return parseCertificate(der)
  } catch (failure) {
    if (failure instanceof CertificateSyntaxError) return failure
    throw failure
  }
}
