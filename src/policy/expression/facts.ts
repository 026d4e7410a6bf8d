import { ATTRIBUTE_TYPES } from '../../distinguished-name/attribute-types.ts'
import { SERVER_METADATA } from '../../model/server-metadata.ts'
import { TIMESTAMP } from './evaluate/node-type.ts'

/**
 * Since when a fact is known: `always`; with the verified `certificate`; with the `request` and what vouches for it; at the `decision`, once
 * documents were looked up. `variables` become known one by one, as they are compiled.
 */
export type Moment = 'always' | 'certificate' | 'request' | 'decision' | 'variables'

/** A name that rules see. */
interface Fact {
  /** In the expression library's words; `?` behind it where there may be none. */
  readonly type: string
  readonly known: Moment
  /** For the documents. */
  readonly is: string
}

/** All that rules see, by the name they know it by: what declares the names, gives them values and documents them rests on this table. */
export const FACTS = {
  certificate: {
    type: 'Certificate?',
    known: 'certificate',
    is: 'the verified client certificate; [below](#the-certificate) what it says',
  },
  certificateClass: {
    type: 'string',
    known: 'request',
    is: 'of which [kind](#kinds-of-certificates) it is; `""` when it is of none, or there is no certificate',
  },
  statement: {
    type: 'Statement',
    known: 'request',
    is: 'claims of the verified software statement, as far as `softwareStatement.claims` declares them',
  },
  requested: {
    type: 'Metadata',
    known: 'request',
    is: 'the members the registrant sent, as far as `members` declares them',
  },
  metadata: {
    type: 'Metadata?',
    known: 'decision',
    is: 'what would be registered: `requested` after the effects',
  },
  translations: {
    type: 'map<string, string>',
    known: 'request',
    is: 'language-tagged members as sent, such as `client_name#pt-BR`, by their full name',
  },
  statementIssuer: {
    type: 'string',
    known: 'request',
    is: 'name of the directory that vouched, empty without a statement',
  },
  request: {
    type: 'Request',
    known: 'request',
    is: 'the operation, the id of the client it is about, headers that the endpoint lets through, the content type, whether there is a statement and a certificate; of a [signed one](#signed-requests) `header`, `claims` and, where it brought its chain, `certificate`',
  },
  token: {
    type: 'Token',
    known: 'request',
    is: '`token.presented`: a token came with the request; whether it is good the identity server says',
  },
  parameters: { type: 'Parameters', known: 'always', is: 'what the operator set, else the defaults' },
  variables: {
    type: 'Variables',
    known: 'variables',
    is: 'named expressions of the policy, evaluated when first needed, each using only those before it',
  },
  lookups: {
    type: 'Lookups',
    known: 'decision',
    is: 'what documents say that were fetched for this decision; [below](#look-ups)',
  },
  server: {
    type: 'Server',
    known: 'request',
    is: 'what the identity server says of itself (RFC 8414, OpenID Connect Discovery), as far as the operator makes it known by `upstream.metadataUrl` or `upstream.metadataFile`; members that are not known are absent. While nothing is known at all, nobody is judged without them unless the operator says `upstream.unknownMetadata: admit`',
  },
  now: { type: TIMESTAMP, known: 'always', is: 'when the request arrived' },
} as const satisfies Readonly<Record<string, Fact>>

export type FactName = keyof typeof FACTS

/** What is known before anything of the request is believed: where the keys that it is signed with come from may rest on no more. */
export const STATEMENT_FACTS = [
  'statement',
  'statementIssuer',
  'parameters',
  'now',
] as const satisfies readonly FactName[]

/** The same for all requests of an endpoint at one time: nothing can be told apart by these. */
const SHARED: readonly FactName[] = ['parameters', 'now', 'server']

/** Facts of the one request. */
export function requestFacts(): readonly FactName[] {
  return FACT_NAMES.filter((name) => !SHARED.includes(name))
}

/** Names of the facts that are known from one of these moments on. */
export function factsKnown(...moments: readonly Moment[]): readonly FactName[] {
  return FACT_NAMES.filter((name) => moments.includes(FACTS[name].known))
}

export const FACT_NAMES = Object.keys(FACTS) as readonly FactName[]

/** Fields of each type that every policy has, with their types in the library's words; `?` behind those that may be absent. */
export const FIXED_TYPES = {
  Attribute: { oid: 'string', value: 'string', stringType: 'string' },
  Name: {
    dn: 'string',
    // Whoever makes a name reads the same table.
    ...(Object.fromEntries(ATTRIBUTE_TYPES.map((attribute) => [attribute.name, 'list<string>'])) as object),
    oid: 'map<string, list<string>>',
    rdns: 'list<list<Attribute>>',
  },
  OrganizationIdentifier: { scheme: 'string', country: 'string', authority: 'string?', number: 'string' },
  SubjectAltNames: {
    dns: 'list<string>',
    uri: 'list<string>',
    ip: 'list<string>',
    email: 'list<string>',
    otherName: 'map<string, list<string>>',
    directoryName: 'list<string>',
  },
  PublicKey: { type: 'string', bits: 'int', curve: 'string' },
  Psd2Statement: { roles: 'list<string>', writtenRoles: 'list<string>', ncaName: 'string', ncaId: 'string' },
  QualifiedStatements: {
    compliance: 'bool',
    sscd: 'bool',
    types: 'list<string>',
    countries: 'list<string>',
    psd2: 'Psd2Statement?',
    statements: 'list<string>',
  },
  Certificate: {
    subject: 'Name',
    issuer: 'Name',
    organizationIdentifier: 'OrganizationIdentifier?',
    serialNumber: 'string',
    notBefore: TIMESTAMP,
    notAfter: TIMESTAMP,
    subjectAltNames: 'SubjectAltNames',
    keyUsage: 'list<string>',
    extendedKeyUsage: 'list<string>',
    policies: 'list<string>',
    qualified: 'QualifiedStatements',
    publicKey: 'PublicKey',
    thumbprint: 'string',
  },
  RequestHeader: { alg: 'string?', kid: 'string?', typ: 'string?' },
  Request: {
    operation: 'string',
    clientId: 'string',
    headers: 'map<string, string>',
    contentType: 'string',
    isSigned: 'bool',
    header: 'RequestHeader',
    claims: 'RequestClaims',
    certificate: 'Certificate?',
    hasStatement: 'bool',
    hasCertificate: 'bool',
  },
  Key: { kid: 'string?', use: 'string?', kty: 'string?', alg: 'string?', crv: 'string?', x5tS256: 'string?' },
  Server: allMayBeAbsent(SERVER_METADATA),
  Token: { presented: 'bool' },
} as const satisfies Readonly<Record<string, Readonly<Record<string, string>>>>

/** Fields of the types that an error answer is made of; they are the only ones there. */
export const ERROR_TYPES = {
  Error: { code: 'string', description: 'string', status: 'int', decisionId: 'string' },
  Finding: {
    rule: 'string',
    reason: 'string',
    clause: 'string?',
    at: 'string',
    message: 'string',
    wanted: 'string?',
    found: 'string?',
    error: 'string',
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, string>>>>

function allMayBeAbsent<Type extends Readonly<Record<string, string>>>(
  fields: Type,
): { readonly [Field in keyof Type]: `${Type[Field]}?` } {
  const entries = Object.entries(fields).map(([field, type]) => [field, `${type}?`])
  return Object.fromEntries(entries) as { readonly [Field in keyof Type]: `${Type[Field]}?` }
}
