import { certificatesOf, type CertificatePath } from '../path/certificate-path.ts'
import type { IssuedCertificate } from './revocation-status.ts'

/** Every certificate of a path but the anchor with whoever issued it, the client's first. */
export function linksOfPath(path: CertificatePath): readonly IssuedCertificate[] {
  const certificates = certificatesOf(path)
  return certificates.slice(1).flatMap((issuer, index) => {
    const certificate = certificates[index]
    return certificate === undefined ? [] : { certificate, issuer }
  })
}
