import type { CertificatePath } from './path/certificate-path.ts'

/** RFC 9440 section 2.1: a byte sequence of RFC 8941. */
export function clientCertHeader(der: Buffer): string {
  return `:${der.toString('base64')}:`
}

/** RFC 9440 section 2.2: the client's issuer first, without the client's own certificate and without the anchor. */
export function clientCertChainHeader({ intermediates }: CertificatePath): string {
  return intermediates.map(({ der }) => clientCertHeader(der)).join(', ')
}
