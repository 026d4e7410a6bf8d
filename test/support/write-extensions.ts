import { encodeName, type Subject } from './mint-subject.ts'
import { der, derInteger, derNamedBits, derOid } from './write-der.ts'

/** One name of the forms that name constraints know (RFC 5280 section 4.2.1.6). */
export type NameSpec =
  | { readonly form: 'dns' | 'email' | 'uri'; readonly text: string }
  /** An address, with its mask after it where it is a base. */
  | { readonly form: 'ip'; readonly bytes: readonly number[] }
  | { readonly form: 'directory'; readonly name: Subject }

export interface ExtensionSpec {
  readonly oid: string
  readonly critical: boolean
  /** What the OCTET STRING holds. */
  readonly value: Buffer
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
] as const

/** What extensions say; one that is absent here is absent in the certificate. */
export interface ExtensionFields {
  readonly basicConstraints?: { readonly ca: boolean; readonly pathLength?: number }
  readonly keyUsage?: readonly (typeof KEY_USAGES)[number][]
  readonly extendedKeyUsage?: readonly string[]
  readonly subjectKeyId?: Buffer
  readonly authorityKeyId?: Buffer
  readonly alternativeNames?: readonly NameSpec[]
  readonly nameConstraints?: { readonly permitted?: readonly NameSpec[]; readonly excluded?: readonly NameSpec[] }
  readonly policies?: readonly string[]
  readonly policyMappings?: readonly (readonly [issuerDomain: string, subjectDomain: string])[]
  readonly policyConstraints?: { readonly requireExplicitPolicy?: number; readonly inhibitPolicyMapping?: number }
  readonly inhibitAnyPolicy?: number
  readonly crlUrls?: readonly string[]
  readonly ocspUrls?: readonly string[]
}

export type ExtensionName = keyof ExtensionFields

/** Extensions in DER, `flipped` ones critical where RFC 5280 section 4.2 says not, and the other way round. */
export function writeExtensions(
  fields: ExtensionFields,
  flipped: readonly ExtensionName[],
  extra: readonly ExtensionSpec[],
): readonly Buffer[] {
  const usual = usualExtensions(fields).map(({ name, critical, ...rest }) => ({
    ...rest,
    critical: critical !== flipped.includes(name),
  }))
  return [...usual, ...extra].map(writeExtension)
}

type NamedExtension = ExtensionSpec & { readonly name: ExtensionName }

function usualExtensions(fields: ExtensionFields): readonly NamedExtension[] {
  const written: NamedExtension[] = []
  const add = <Name extends ExtensionName>(
    name: Name,
    oid: string,
    critical: boolean,
    write: (value: NonNullable<ExtensionFields[Name]>) => Buffer,
  ): void => {
    const value = fields[name]
    if (value !== undefined) written.push({ name, oid, critical, value: write(value) })
  }
  add('basicConstraints', '2.5.29.19', true, writeBasicConstraints)
  add('keyUsage', '2.5.29.15', true, (usages) => derNamedBits(usages.map((usage) => KEY_USAGES.indexOf(usage))))
  add('extendedKeyUsage', '2.5.29.37', false, (oids) => der(0x30, ...oids.map(derOid)))
  add('subjectKeyId', '2.5.29.14', false, (keyId) => der(0x04, keyId))
  add('authorityKeyId', '2.5.29.35', false, (keyId) => der(0x30, der(0x80, keyId)))
  add('alternativeNames', '2.5.29.17', false, (names) => der(0x30, ...names.map(writeGeneralName)))
  add('nameConstraints', '2.5.29.30', true, writeNameConstraints)
  add('policies', '2.5.29.32', false, (oids) => der(0x30, ...oids.map((oid) => der(0x30, derOid(oid)))))
  add('policyMappings', '2.5.29.33', true, (pairs) => der(0x30, ...pairs.map((pair) => der(0x30, ...pair.map(derOid)))))
  add('policyConstraints', '2.5.29.36', true, writePolicyConstraints)
  add('inhibitAnyPolicy', '2.5.29.54', true, derInteger)
  add('crlUrls', '2.5.29.31', false, writeDistributionPoints)
  add('ocspUrls', '1.3.6.1.5.5.7.1.1', false, writeOcspAccess)
  return written
}

export function writeExtension({ oid, critical, value }: ExtensionSpec): Buffer {
  return der(0x30, derOid(oid), ...(critical ? [der(0x01, Buffer.of(0xff))] : []), der(0x04, value))
}

function writeBasicConstraints({ ca, pathLength }: NonNullable<ExtensionFields['basicConstraints']>): Buffer {
  const limit = pathLength === undefined ? [] : [derInteger(pathLength)]
  return der(0x30, ...(ca ? [der(0x01, Buffer.of(0xff))] : []), ...limit)
}

export function writeGeneralName(name: NameSpec): Buffer {
  if (name.form === 'directory') return der(0xa4, encodeName(name.name))
  if (name.form === 'ip') return der(0x87, Buffer.from(name.bytes))
  const tags = { email: 0x81, dns: 0x82, uri: 0x86 }
  return der(tags[name.form], Buffer.from(name.text, 'latin1'))
}

function writeNameConstraints({
  permitted = [],
  excluded = [],
}: NonNullable<ExtensionFields['nameConstraints']>): Buffer {
  const list = (tag: number, bases: readonly NameSpec[]): readonly Buffer[] =>
    bases.length === 0 ? [] : [der(tag, ...bases.map((base) => der(0x30, writeGeneralName(base))))]
  return der(0x30, ...list(0xa0, permitted), ...list(0xa1, excluded))
}

function writePolicyConstraints({
  requireExplicitPolicy,
  inhibitPolicyMapping,
}: NonNullable<ExtensionFields['policyConstraints']>): Buffer {
  const skip = (tag: number, count: number | undefined): readonly Buffer[] =>
    count === undefined ? [] : [der(tag, Buffer.of(count))]
  return der(0x30, ...skip(0x80, requireExplicitPolicy), ...skip(0x81, inhibitPolicyMapping))
}

function writeDistributionPoints(urls: readonly string[]): Buffer {
  const names = urls.map((text) => writeGeneralName({ form: 'uri', text }))
  return der(0x30, ...names.map((name) => der(0x30, der(0xa0, der(0xa0, name)))))
}

function writeOcspAccess(urls: readonly string[]): Buffer {
  const names = urls.map((text) => writeGeneralName({ form: 'uri', text }))
  return der(0x30, ...names.map((name) => der(0x30, derOid('1.3.6.1.5.5.7.48.1'), name)))
}
