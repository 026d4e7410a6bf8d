import type { ParsedCertificate } from '../parse/parsed-certificate.ts'

/** Certificates whose names chain: each one's issuer is the next one's subject. Not yet verified. */
export interface CertificatePath {
  readonly client: ParsedCertificate
  /** The client's issuer first; empty when an anchor issued the client's certificate. */
  readonly intermediates: readonly ParsedCertificate[]
  readonly anchor: ParsedCertificate
}

/** From the client's certificate up to the anchor. */
export function certificatesOf(path: CertificatePath): readonly ParsedCertificate[] {
  return [path.client, ...path.intermediates, path.anchor]
}
