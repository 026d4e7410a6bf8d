import type { DistinguishedName } from './distinguished-name.ts'

/** The legal person that a subject's organizationIdentifier names, taken apart. */
export interface OrganizationIdentifier {
  /** `PSD`, `VAT`, `NTR`, `LEI`, others of three letters as schemes agree on them (`OFB`), or `XX:` of a national scheme. */
  readonly scheme: string
  /** ISO 3166; `XG` for schemes of no country. */
  readonly country: string
  /** The competent authority's short name, of scheme `PSD` alone; null for others. */
  readonly authority: string | null
  /** As issued there; what compares equal is for that authority to say, so letter case is kept. */
  readonly number: string
}

/** ETSI EN 319 412-1 section 5.1.4; what nobody can see has no place in a number that others compare. */
const LEGAL_PERSON = /^([A-Z]{3}|[A-Z0-9]{2}:)([A-Z]{2})-([^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]{1,256})$/u

/** ETSI TS 119 495 section 5.2.1: the authority stands before the number. */
const AUTHORISED = /^([A-Z]{2,8})-(.+)$/u

/** Null for text of another form: half an identifier must not compare equal to anything. */
export function parseOrganizationIdentifier(text: string): OrganizationIdentifier | null {
  const [, scheme, country, number] = LEGAL_PERSON.exec(text) ?? []
  if (scheme === undefined || country === undefined || number === undefined) return null
  if (scheme !== 'PSD') return { scheme, country, authority: null, number }
  const [, authority, authorisation] = AUTHORISED.exec(number) ?? []
  if (authority === undefined || authorisation === undefined) return null
  return { scheme, country, authority, number: authorisation }
}

const ORGANIZATION_IDENTIFIER = '2.5.4.97'

/** Null where a name has none, and where it has several: which of them counts would be a guess. */
export function organizationIdentifierOf(name: DistinguishedName): OrganizationIdentifier | null {
  const [only, ...others] = name.flat().filter(({ oid }) => oid === ORGANIZATION_IDENTIFIER)
  const text = others.length === 0 ? (only?.value ?? null) : null
  return text === null ? null : parseOrganizationIdentifier(text)
}
