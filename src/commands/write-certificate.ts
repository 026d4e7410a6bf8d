import type { ParsedCertificate } from '../certificate/parse/parsed-certificate.ts'
import type { DistinguishedName } from '../distinguished-name/distinguished-name.ts'
import { writeDistinguishedName } from '../distinguished-name/write-distinguished-name.ts'
import type { CertificateFacts, PublicKeyFacts, SubjectAltNames } from '../model/client.ts'
import type { QualifiedStatements } from '../model/qualified-statements.ts'
import { spellValidity, writeTime } from './spell-time.ts'

const LINE_LIMIT_CHARACTERS = 200
/** Whoever asks about a certificate wants to read whole names; those of some schemes are long. */
const NAME_LIMIT_CHARACTERS = 1000

/** What a certificate says, one fact a line; nothing of it is verified. */
export function writeCertificate({ facts, ocspUrls }: ParsedCertificate, now: Date): readonly string[] {
  return [
    `subject: ${nameOf(facts.subject, NAME_LIMIT_CHARACTERS)}`,
    `issuer: ${nameOf(facts.issuer, NAME_LIMIT_CHARACTERS)}`,
    `serial number: ${cut(facts.serialNumber)}`,
    `valid from ${writeTime(facts.notBefore)}`,
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

export function nameOf(name: DistinguishedName, limit = LINE_LIMIT_CHARACTERS): string {
  return name.length === 0 ? 'none' : cut(writeDistinguishedName(name), limit)
}

/** A certificate may say anything at any length. */
export function cut(text: string, limit = LINE_LIMIT_CHARACTERS): string {
  const characters = Array.from(text)
  return characters.length <= limit ? text : `${characters.slice(0, limit - 1).join('')}…`
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
  return values === null ? 'none' : cut(values.join(', '))
}

/** A certificate may hold any number of names; nobody reads more than so many. */
const SHOWN_LIMIT = 20

function linesOf(label: string, values: readonly string[]): readonly string[] {
  const shown = values.slice(0, SHOWN_LIMIT).map((value) => `${label}: ${cut(value)}`)
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
  return [cut(`organization identifier: scheme ${scheme}, country ${country}${by}, number ${number}`)]
}

function writeQualified({ compliance, sscd, types, countries, psd2 }: QualifiedStatements): readonly string[] {
  const law = countries.length === 0 ? 'the European Union' : listed(countries)
  return [
    ...(compliance ? [`qualified under the law of ${law}`] : []),
    ...linesOf('qualified type', types),
    ...(sscd ? ['its private key is in a qualified device'] : []),
    ...linesOf('PSD2 role', psd2?.roles.map(({ name, oid }) => (name === oid ? oid : `${name} (${oid})`)) ?? []),
    ...(psd2 === null ? [] : [cut(`PSD2 authority: ${psd2.ncaId}, ${psd2.ncaName}`)]),
  ]
}
