import 'reflect-metadata' // the certificate library throws without it
import { createPublicKey, webcrypto, type KeyObject } from 'node:crypto'
import * as x509 from '@peculiar/x509'
import { writeDistinguishedName } from '../../src/distinguished-name/write-distinguished-name.ts'
import { importForSigning, mintKey, privateKeyPem, type KeyType, type SignatureHash } from './mint-keys.ts'
import { distinguishedName, encodeName, type Subject } from './mint-subject.ts'
import { derNamedBits } from './write-der.ts'

export type { KeyType, SignatureHash } from './mint-keys.ts'
export { brazilianSubject, type Subject } from './mint-subject.ts'

x509.cryptoProvider.set(webcrypto)

export interface MintedExtension {
  readonly oid: string
  readonly critical: boolean
  /** What the extension's OCTET STRING holds. */
  readonly value: Buffer
}

export interface SubjectAltNames {
  readonly dns?: readonly string[]
  readonly uri?: readonly string[]
  readonly ip?: readonly string[]
  readonly email?: readonly string[]
}

/** In the order of their bits (RFC 5280 section 4.2.1.3). */
const KEY_USAGES = [
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

export type KeyUsage = (typeof KEY_USAGES)[number]

export interface MintOptions {
  readonly subject?: Subject
  /** `ec` (P-256) when absent. */
  readonly keyType?: KeyType
  /**
   * Minting with the same label and key type gives the same key again within a process. Without one, authorities get a fresh key
   * each time, and end entities a fresh key unless it is a (slow to make) RSA key, which all of them share.
   */
  readonly keyLabel?: string
  /** Yesterday when absent. */
  readonly notBefore?: Date
  /** In one year when absent. */
  readonly notAfter?: Date
  /** Hexadecimal. */
  readonly serialNumber?: string
  /** How the issuer signs this certificate; SHA-256 and PKCS#1 v1.5 when absent. */
  readonly signatureHash?: SignatureHash
  readonly signaturePadding?: 'pkcs1' | 'pss'
  /** Null leaves the extension out. */
  readonly basicConstraints?: { readonly ca: boolean; readonly pathLength?: number } | null
  readonly keyUsage?: readonly KeyUsage[] | null
  /** Dotted OIDs; null leaves the extension out. */
  readonly extendedKeyUsage?: readonly string[] | null
  readonly subjectAltNames?: SubjectAltNames
  /** Dotted OIDs of certificate policies. */
  readonly policies?: readonly string[]
  readonly crlUrls?: readonly string[]
  readonly ocspUrls?: readonly string[]
  /** Added after all others. */
  readonly extraExtensions?: readonly MintedExtension[]
  /** Written as issuer in place of the authority's subject. */
  readonly issuerName?: Subject
}

export interface AuthorityOptions extends MintOptions {
  /** Self-signed when absent. */
  readonly issuer?: MintedAuthority
  readonly pathLength?: number
}

export interface ServerOptions extends MintOptions {
  readonly dnsNames?: readonly string[]
  readonly ipAddresses?: readonly string[]
}

export interface MintedCertificate {
  readonly der: Buffer
  /** Ends in a newline, so that PEM texts can be joined. */
  readonly pem: string
  readonly privateKey: KeyObject
  /** PKCS#8. */
  readonly privateKeyPem: string
  /** Subject as RFC 4514 text. */
  readonly name: string
  readonly subject: Subject
  /** Null when self-signed. */
  readonly issuer: MintedAuthority | null
}

export type MintedAuthority = MintedCertificate

export const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2'
export const SERVER_AUTH = '1.3.6.1.5.5.7.3.1'

const DAY_MS = 86_400_000
const SHARED_END_ENTITY_KEY = 'shared by end entities'

/** A root, or an intermediate when an issuer is given: CA, keyCertSign and cRLSign, unless the options say otherwise. */
export async function mintAuthority(options: AuthorityOptions = {}): Promise<MintedAuthority> {
  const { issuer = null, pathLength } = options
  const ca = { ca: true, ...(pathLength === undefined ? {} : { pathLength }) }
  return mint(issuer, {
    subject: [
      ['C', 'BR'],
      ['O', 'Example'],
      ['CN', issuer === null ? 'Example Root CA' : 'Example Issuing CA'],
    ],
    basicConstraints: ca,
    keyUsage: ['keyCertSign', 'cRLSign'],
    ...options,
  })
}

/** An end entity for TLS client authentication, unless the options say otherwise. */
export async function mintClientCertificate(
  authority: MintedAuthority,
  options: MintOptions = {},
): Promise<MintedCertificate> {
  return mintEndEntity(authority, {
    subject: [['CN', 'client.example.com']],
    extendedKeyUsage: [CLIENT_AUTH],
    ...options,
  })
}

/** An end entity for TLS servers: `localhost` and 127.0.0.1, unless the options say otherwise. */
export async function mintServerCertificate(
  authority: MintedAuthority,
  options: ServerOptions = {},
): Promise<MintedCertificate> {
  const { dnsNames = ['localhost'], ipAddresses = ['127.0.0.1'] } = options
  const subjectAltNames = { dns: dnsNames, ip: ipAddresses }
  return mintEndEntity(authority, {
    subject: [['CN', 'localhost']],
    extendedKeyUsage: [SERVER_AUTH],
    subjectAltNames,
    ...options,
  })
}

/** A certificate that signed itself and that nobody vouches for. */
export async function mintSelfSigned(options: MintOptions = {}): Promise<MintedCertificate> {
  return mint(null, { subject: [['CN', 'self-signed']], extendedKeyUsage: [CLIENT_AUTH], ...options })
}

/** What a well-behaved client presents: its certificate and the intermediates, without the root. */
export function presentedChain(certificate: MintedCertificate): readonly Buffer[] {
  return certificate.issuer === null ? [] : [certificate.der, ...presentedChain(certificate.issuer)]
}

/** The same as one PEM text, as TLS clients take it for `cert`. */
export function presentedChainPem(certificate: MintedCertificate): string {
  return certificate.issuer === null ? '' : certificate.pem + presentedChainPem(certificate.issuer)
}

export function pemOf(certificate: Buffer): string {
  const lines = certificate.toString('base64').replace(/.{1,64}/g, '$&\n')
  return `-----BEGIN CERTIFICATE-----\n${lines}-----END CERTIFICATE-----\n`
}

async function mintEndEntity(authority: MintedAuthority, options: MintOptions): Promise<MintedCertificate> {
  const rsa = options.keyType?.startsWith('rsa') === true
  const label = options.keyLabel ?? (rsa ? SHARED_END_ENTITY_KEY : undefined)
  const keyUsage: readonly KeyUsage[] = rsa ? ['digitalSignature', 'keyEncipherment'] : ['digitalSignature']
  return mint(authority, {
    basicConstraints: { ca: false },
    keyUsage,
    ...options,
    ...(label === undefined ? {} : { keyLabel: label }),
  })
}

async function mint(issuer: MintedAuthority | null, options: MintOptions): Promise<MintedCertificate> {
  const subject = options.subject ?? []
  const key = await mintKey(options.keyType ?? 'ec', options.keyLabel)
  const signer = issuer?.privateKey ?? key
  const style = { hash: options.signatureHash ?? 'SHA-256', padding: options.signaturePadding ?? 'pkcs1' } as const
  const certificate = await x509.X509CertificateGenerator.create({
    subject: new x509.Name(encodeName(subject)),
    issuer: new x509.Name(encodeName(options.issuerName ?? issuer?.subject ?? subject)),
    notBefore: wholeSeconds(options.notBefore ?? new Date(Date.now() - DAY_MS)),
    notAfter: wholeSeconds(options.notAfter ?? new Date(Date.now() + 365 * DAY_MS)),
    publicKey: publicKeyBytes(key),
    signingKey: await importForSigning(signer, style),
    // 32 bytes of salt is what every verifier expects beside SHA-256 (RFC 8017 section 9.1).
    signingAlgorithm: { name: '', hash: style.hash, ...(style.padding === 'pss' ? { saltLength: 32 } : {}) },
    extensions: [...(await usualExtensions(key, signer, options))],
    ...(options.serialNumber === undefined ? {} : { serialNumber: options.serialNumber }),
  })
  const bytes = Buffer.from(certificate.rawData)
  const name = writeDistinguishedName(distinguishedName(subject))
  return { der: bytes, pem: pemOf(bytes), privateKey: key, privateKeyPem: privateKeyPem(key), name, subject, issuer }
}

async function usualExtensions(
  key: KeyObject,
  signer: KeyObject,
  options: MintOptions,
): Promise<readonly x509.Extension[]> {
  const {
    basicConstraints,
    keyUsage,
    extendedKeyUsage,
    subjectAltNames = {},
    policies = [],
    crlUrls = [],
    ocspUrls = [],
  } = options
  const alternatives = generalNames(subjectAltNames)
  return [
    ...(basicConstraints
      ? [new x509.BasicConstraintsExtension(basicConstraints.ca, basicConstraints.pathLength, true)]
      : []),
    ...(keyUsage
      ? [new x509.Extension('2.5.29.15', true, derNamedBits(keyUsage.map((usage) => KEY_USAGES.indexOf(usage))))]
      : []),
    ...(extendedKeyUsage ? [new x509.ExtendedKeyUsageExtension([...extendedKeyUsage])] : []),
    ...(alternatives.length > 0 ? [new x509.SubjectAlternativeNameExtension(alternatives)] : []),
    ...(policies.length > 0 ? [new x509.CertificatePolicyExtension([...policies])] : []),
    ...(crlUrls.length > 0 ? [new x509.CRLDistributionPointsExtension([...crlUrls])] : []),
    ...(ocspUrls.length > 0 ? [new x509.AuthorityInfoAccessExtension({ ocsp: [...ocspUrls] })] : []),
    new x509.SubjectKeyIdentifierExtension((await keyIdentifier(key)).toString('hex')),
    ...(signer === key
      ? []
      : [new x509.AuthorityKeyIdentifierExtension((await keyIdentifier(signer)).toString('hex'))]),
    ...(options.extraExtensions ?? []).map(({ oid, critical, value }) => new x509.Extension(oid, critical, value)),
  ]
}

function generalNames(names: SubjectAltNames): x509.JsonGeneralNames {
  const { dns = [], uri = [], ip = [], email = [] } = names
  return [
    ...dns.map((value) => ({ type: 'dns', value }) as const),
    ...uri.map((value) => ({ type: 'url', value }) as const),
    ...ip.map((value) => ({ type: 'ip', value }) as const),
    ...email.map((value) => ({ type: 'email', value }) as const),
  ]
}

async function keyIdentifier(key: KeyObject): Promise<Buffer> {
  return Buffer.from(await webcrypto.subtle.digest('SHA-1', publicKeyBytes(key)))
}

function publicKeyBytes(key: KeyObject): Buffer {
  return createPublicKey(key).export({ format: 'der', type: 'spki' })
}

/** Certificates know no milliseconds (RFC 5280 section 4.1.2.5). */
function wholeSeconds(date: Date): Date {
  return new Date(Math.floor(date.getTime() / 1000) * 1000)
}
