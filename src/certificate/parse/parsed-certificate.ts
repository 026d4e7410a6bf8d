import type { CertificateFacts } from '../../model/client.ts'
import type { GeneralName } from './general-name.ts'
import type { AuthorityInfoAccess } from './read-authority-info-access.ts'
import type { BasicConstraints } from './read-basic-constraints.ts'
import type { DistributionPoint } from './read-distribution-point.ts'
import type { Extension } from './read-extensions.ts'
import type { NameConstraints } from './read-name-constraints.ts'
import type { PolicyConstraints, PolicyMapping } from './read-policy-extensions.ts'
import type { SignatureAlgorithm } from './read-signature-algorithm.ts'

/** A well-formed X.509 version 3 certificate taken apart once; nothing in it is verified. */
export interface ParsedCertificate extends AuthorityInfoAccess, PolicyConstraints {
  readonly facts: CertificateFacts
  readonly der: Buffer
  /** The part that the issuer signed. */
  readonly tbs: Buffer
  readonly signature: Buffer
  readonly signatureAlgorithm: SignatureAlgorithm
  /** SubjectPublicKeyInfo. */
  readonly publicKeyDer: Buffer
  readonly issuerNameDer: Buffer
  readonly subjectNameDer: Buffer
  /** Equal to another certificate's `subjectKey` exactly when the names match (RFC 5280 section 7.1). */
  readonly issuerKey: string
  readonly subjectKey: string
  /** Null when the extension is absent. */
  readonly basicConstraints: BasicConstraints | null
  /** Hexadecimal; null when absent. */
  readonly subjectKeyId: string | null
  readonly authorityKeyId: string | null
  /** Of every form, those that the facts leave out included; the subject is not among them. */
  readonly alternativeNames: readonly GeneralName[]
  readonly nameConstraints: NameConstraints | null
  readonly policyMappings: readonly PolicyMapping[]
  /** How many certificates may follow before anyPolicy stops to count; null for any number. */
  readonly inhibitAnyPolicy: number | null
  readonly crlDistributionPoints: readonly DistributionPoint[]
  /** Every extension by its OID, for readers of those that are not taken apart here. */
  readonly extensions: ReadonlyMap<string, Extension>
}

/** Self-issued is not self-signed: a CA that changes its key issues a certificate to its own name (RFC 5280 section 3.2). */
export function isSelfIssued(certificate: ParsedCertificate): boolean {
  return certificate.subjectKey === certificate.issuerKey
}
