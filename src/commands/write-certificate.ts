import { shorten } from '../certificate/describe-problem.ts'
import type { ParsedCertificate } from '../certificate/parse/parsed-certificate.ts'
import type { DistinguishedName } from '../distinguished-name/distinguished-name.ts'
import { writeDistinguishedName } from '../distinguished-name/write-distinguished-name.ts'
import type { CertificateFacts, PublicKeyFacts, SubjectAltNames } from '../model/client.ts'
import type { QualifiedStatements } from '../model/qualified-statements.ts'
import { spellValidity, writeTime } from './spell-time.ts'

/** What a certificate says, one fact a line; nothing of it is verified. */
export function writeCertificate({ facts, ocspUrls }: ParsedCertificate, now: Date): readonly string[] {
  return [
    `subject: ${nameOf(facts.subject)}`,
    `issuer: ${nameOf(facts.issuer)}`,
    `serial number: ${shorten(facts.serialNumber)}`,
    `valid from: ${writeTime(facts.notBefore)}`,
    spellValidity(facts, now),
    `key: ${describeKey(facts.publicKey)}`,
    `key usage: ${listed(facts.keyUsage)}`,
    `extended key usage: ${listed(facts.extendedKeyUsage?.map(nameOfPurpose) ?? null)}`,
    ...writeAlternatives(facts.subjectAltNames),
    ...linesOf('certificate policy', facts.policies),
    ...writeOrganization(facts),
    ...writeQualified(facts.qualified),
    ...linesOf('OCSP responder', ocspUrls),
    ...writeDigests(facts),
  ]
}

/** SHA-256 as OpenSSL and published lists have it, and as findings, logs and RFC 8705 have it. */
export function writeDigests({ thumbprint }: CertificateFacts): readonly string[] {
  return [`SHA-256: ${Buffer.from(thumbprint, 'base64url').toString('hex')}`, `x5t#S256: ${thumbprint}`]
}

export function nameOf(name: DistinguishedName): string {
  return name.length === 0 ? 'none' : shorten(writeDistinguishedName(name))
}

export function describeKey({ type, bits, curve }: PublicKeyFacts): string {
  if (type === 'other') return 'of a type that is not accepted'
  return curve === undefined ? `${KEY_NAMES[type]}, ${bits} bits` : `${KEY_NAMES[type]} ${curve}, ${bits} bits`
}

const KEY_NAMES = { rsa: 'RSA', 'rsa-pss': 'RSA-PSS', ec: 'EC', ed25519: 'Ed25519' } as const

/** RFC 5280 section 4.2.1.12. */
const PURPOSES: Readonly<Record<string, string>> = {
  '2.5.29.37.0': 'anyExtendedKeyUsage',
  '1.3.6.1.5.5.7.3.1': 'serverAuth',
  '1.3.6.1.5.5.7.3.2': 'clientAuth',
  '1.3.6.1.5.5.7.3.3': 'codeSigning',
  '1.3.6.1.5.5.7.3.4': 'emailProtection',
  '1.3.6.1.5.5.7.3.8': 'timeStamping',
  '1.3.6.1.5.5.7.3.9': 'OCSPSigning',
}

function nameOfPurpose(oid: string): string {
  const name = PURPOSES[oid]
  return name === undefined ? oid : `${name} (${oid})`
}

function listed(values: readonly string[] | null): string {
  return values === null ? 'none' : shorten(values.join(', '))
}

/** A certificate may hold any number of names; nobody reads more than so many. */
const SHOWN_LIMIT = 20

function linesOf(label: string, values: readonly string[]): readonly string[] {
  const shown = values.slice(0, SHOWN_LIMIT).map((value) => `${label}: ${shorten(value)}`)
  return values.length > SHOWN_LIMIT ? [...shown, `${label}: and ${values.length - SHOWN_LIMIT} more`] : shown
}

function writeAlternatives({ dns, uri, ip, email, otherName, directoryName }: SubjectAltNames): readonly string[] {
  return [
    ...linesOf('DNS name', dns),
    ...linesOf('URI', uri),
    ...linesOf('IP address', ip),
    ...linesOf('mail address', email),
    ...linesOf(
      'other name',
      otherName.map(({ type, value, der }) => `${type} ${value ?? `#${der}`}`),
    ),
    ...linesOf('directory name', directoryName.map(writeDistinguishedName)),
  ]
}

function writeOrganization({ organizationIdentifier }: CertificateFacts): readonly string[] {
  if (organizationIdentifier === null) return []
  const { scheme, country, authority, number } = organizationIdentifier
  const by = authority === null ? '' : `, authority ${authority}`
  return [shorten(`organization identifier: scheme ${scheme}, country ${country}${by}, number ${number}`)]
}

function writeQualified({ compliance, sscd, types, countries, psd2 }: QualifiedStatements): readonly string[] {
  const law = countries.length === 0 ? 'the European Union' : listed(countries)
  return [
    ...(compliance ? [`qualified under the law of ${law}`] : []),
    ...linesOf('qualified type', types),
    ...(sscd ? ['its private key is in a qualified device'] : []),
    ...linesOf('PSD2 role', psd2?.roles.map(({ name, oid }) => (name === oid ? oid : `${name} (${oid})`)) ?? []),
    ...(psd2 === null ? [] : [shorten(`PSD2 authority: ${psd2.ncaId}, ${psd2.ncaName}`)]),
  ]
}
