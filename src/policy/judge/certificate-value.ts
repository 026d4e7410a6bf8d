import { stringTypeName } from '../../asn1/string-type-name.ts'
import { ATTRIBUTE_TYPES } from '../../distinguished-name/attribute-types.ts'
import type { AttributeValue, DistinguishedName } from '../../distinguished-name/distinguished-name.ts'
import type { OrganizationIdentifier } from '../../distinguished-name/organization-identifier.ts'
import { writeDistinguishedName } from '../../distinguished-name/write-distinguished-name.ts'
import type { CertificateFacts, PublicKeyFacts, SubjectAltNames } from '../../model/client.ts'
import type { Psd2Statement, QualifiedStatements } from '../../model/qualified-statements.ts'
import { make, type Made } from '../expression/fact-values.ts'

/** A certificate never changes and serves many requests of its connection, so its expression value is kept as long as it lives. */
const values = new WeakMap<CertificateFacts, Made<'Certificate'>>()

/**
 * The certificate as expressions see it. What it has many of is a list, empty where it has none, so that a rule needs no `has()` before
 * it looks; what it has one of or none is absent where it has none, so that no rule compares it by mistake.
 */
export function certificateValue(facts: CertificateFacts): Made<'Certificate'> {
  const value = values.get(facts) ?? makeValue(facts)
  values.set(facts, value)
  return value
}

function makeValue(facts: CertificateFacts): Made<'Certificate'> {
  const { organizationIdentifier, ...others } = facts
  return make.certificate({
    ...others,
    subject: nameOf(facts.subject),
    issuer: nameOf(facts.issuer),
    ...(organizationIdentifier === null ? {} : { organizationIdentifier: organizationOf(organizationIdentifier) }),
    subjectAltNames: alternativesOf(facts.subjectAltNames),
    publicKey: publicKeyOf(facts.publicKey),
    keyUsage: facts.keyUsage ?? [],
    extendedKeyUsage: facts.extendedKeyUsage ?? [],
    qualified: qualifiedOf(facts.qualified),
  })
}

function nameOf(name: DistinguishedName): Made<'Name'> {
  const oid = groupByOid(name.flat().map((attribute) => [attribute.oid, textOf(attribute)]))
  const byName = ATTRIBUTE_TYPES.map((attribute) => [attribute.name, oid[attribute.oid] ?? []] as const)
  const rdns = name.map((relative) => relative.map(attributeOf))
  return make.name({ dn: writeDistinguishedName(name), ...Object.fromEntries(byName), oid, rdns })
}

function attributeOf(attribute: AttributeValue): Made<'Attribute'> {
  const { oid, tag } = attribute
  return make.attribute({ oid, value: textOf(attribute), stringType: stringTypeName(tag) })
}

/** What is no text as `#` and its hexadecimal DER, the form of RFC 4514. */
function textOf({ value, der }: Pick<AttributeValue, 'value' | 'der'>): string {
  return value ?? `#${der}`
}

function groupByOid(entries: readonly (readonly [oid: string, text: string])[]): Readonly<Record<string, string[]>> {
  const grouped: Record<string, string[]> = {}
  for (const [oid, text] of entries) (grouped[oid] ??= []).push(text)
  return grouped
}

function organizationOf({ authority, ...parts }: OrganizationIdentifier): Made<'OrganizationIdentifier'> {
  return make.organizationIdentifier({ ...parts, ...(authority === null ? {} : { authority }) })
}

function alternativesOf({ otherName, directoryName, ...texts }: SubjectAltNames): Made<'SubjectAltNames'> {
  return make.subjectAltNames({
    ...texts,
    otherName: groupByOid(otherName.map((name) => [name.type, textOf(name)])),
    directoryName: directoryName.map(writeDistinguishedName),
  })
}

function publicKeyOf({ type, bits, curve = '' }: PublicKeyFacts): Made<'PublicKey'> {
  return make.publicKey({ type, bits: BigInt(bits), curve })
}

function qualifiedOf({ psd2, ...others }: QualifiedStatements): Made<'QualifiedStatements'> {
  return make.qualifiedStatements({ ...others, ...(psd2 === null ? {} : { psd2: psd2Of(psd2) }) })
}

function psd2Of({ roles, ncaName, ncaId }: Psd2Statement): Made<'Psd2Statement'> {
  return make.psd2Statement({
    roles: roles.map(({ name }) => name),
    writtenRoles: roles.map(({ writtenName }) => writtenName),
    ncaName,
    ncaId,
  })
}
