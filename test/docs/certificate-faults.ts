import type { Reason } from '../../src/model/reasons.ts'

/** What can be wrong with a client's certificate, and what the client is told: the README shows it, a test holds it over real TLS. */
export const CERTIFICATE_FAULTS = {
  'no certificate': 'client-certificate-required',
  'a self-signed one': 'client-certificate-issuer-unknown',
  'one of an issuer that is not trusted': 'client-certificate-issuer-unknown',
  'one of an issuer with the name of a trusted one, but another key': 'client-certificate-signature-invalid',
  'an expired one': 'client-certificate-expired',
  'one whose intermediate has expired': 'client-certificate-issuer-expired',
  'one that its CRL lists': 'client-certificate-revoked',
  'one that its OCSP responder calls revoked': 'client-certificate-revoked',
  'one whose intermediate is on the CRL of the root': 'client-certificate-issuer-revoked',
  'one nobody can say anything of, under `unknown: refuse`': 'client-certificate-revocation-unknown',
  'one that names neither a CRL nor a responder, under `unknown: refuse`': 'client-certificate-revocation-unstated',
  'one nobody can say anything of, under `unknown: accept`': null,
  'one for servers': 'client-certificate-wrong-purpose',
  'one with an RSA key of 1024 bits': 'client-certificate-weak-key',
} as const satisfies Readonly<Record<string, Reason | null>>

export type CertificateFault = keyof typeof CERTIFICATE_FAULTS
