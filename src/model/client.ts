import type { DistinguishedName } from '../distinguished-name/distinguished-name.ts'
import type { OrganizationIdentifier } from '../distinguished-name/organization-identifier.ts'
import type { Proven } from './proof.ts'
import type { QualifiedStatements } from './qualified-statements.ts'

/** Types of keys that a verified client may have. */
export const KEY_TYPES = ['rsa', 'rsa-pss', 'ec', 'ed25519'] as const

/** Their curves, by OpenSSL's names. */
export const NAMED_CURVES = ['prime256v1', 'secp384r1', 'secp521r1'] as const

/** In the order of their bits (RFC 5280 section 4.2.1.3). */
export const KEY_USAGES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const

export interface PublicKeyFacts {
  /** `other` is never that of a verified client. */
  readonly type: (typeof KEY_TYPES)[number] | 'other'
  /** RSA modulus length, or the size of the curve's field; 0 for `other`. */
  readonly bits: number
  /** OpenSSL curve name, for `ec` only. */
  readonly curve?: string
}

/** A name of a form that its own type defines, such as the user principal name 1.3.6.1.4.1.311.20.2.3. */
export interface OtherName {
  /** Dotted OID. */
  readonly type: string
  /** Decoded text; null when the value is of no string type. */
  readonly value: string | null
  /** Lower-case hexadecimal of the value, tag and length included. */
  readonly der: string
}

export interface SubjectAltNames {
  readonly dns: readonly string[]
  readonly uri: readonly string[]
  readonly ip: readonly string[]
  readonly email: readonly string[]
  readonly otherName: readonly OtherName[]
  readonly directoryName: readonly DistinguishedName[]
}

/** What a certificate says; not yet whether it is true. */
export interface CertificateFacts {
  readonly subject: DistinguishedName
  readonly issuer: DistinguishedName
  /** Of the subject; null where it has none, several, or one of another form than ETSI EN 319 412-1 section 5.1.4. */
  readonly organizationIdentifier: OrganizationIdentifier | null
  /** Lower-case hexadecimal without leading zeros; a leading `-` for the (illegal) negative ones. */
  readonly serialNumber: string
  readonly notBefore: Date
  readonly notAfter: Date
  readonly subjectAltNames: SubjectAltNames
  /** RFC 5280 names such as `digitalSignature`; null when the extension is absent. */
  readonly keyUsage: readonly string[] | null
  /** Dotted OIDs; null when the extension is absent. */
  readonly extendedKeyUsage: readonly string[] | null
  /** Dotted OIDs of the certificate policies extension. */
  readonly policies: readonly string[]
  readonly qualified: QualifiedStatements
  readonly publicKey: PublicKeyFacts
  /** base64url SHA-256 of the DER: `x5t#S256` of RFC 8705. */
  readonly thumbprint: string
}

/** What was found out about one certificate of the path, at the time of the request. */
export interface RevocationFact {
  readonly of: 'client certificate' | 'issuer certificate'
  /** `unknown` only where the policy accepts that. */
  readonly status: 'good' | 'unknown'
  /** Null for `unknown`. */
  readonly source: 'crl' | 'ocsp' | null
}

export interface ClientFacts {
  readonly certificate: CertificateFacts
  /** The client's certificate first, then its issuers below the anchor; null where the policy does not ask. */
  readonly revocation: readonly RevocationFact[] | null
  /** Name of the trust folder whose anchor ended the path. */
  readonly trust: string
  /** RFC 9440 section 2.1 byte sequence of the leaf: `:base64:`. */
  readonly clientCertHeader: string
  /** RFC 9440 section 2.2 list of the verified path without leaf and anchor; empty when there is none. */
  readonly clientCertChainHeader: string
}

/** A client whose certificate path was verified against the trusted issuers of the policy in force; made by certificate/ alone. */
export type VerifiedClient = Proven<'client', ClientFacts>
