import { Environment } from '@marcbachmann/cel-js'
import { ATTRIBUTE_TYPES } from '../../distinguished-name/attribute-types.ts'
import { SERVER_METADATA } from '../../model/server-metadata.ts'
import { celTypeOf, type MemberType } from '../member-type.ts'
import { DistinguishedNames, POLICY_FUNCTIONS, Sets } from './functions.ts'
import { matchesPattern } from './regular-expression.ts'
import { Url } from './url.ts'

/** Makes an object of a declared type; the expression library looks at own properties only. */
type Maker = (values: Readonly<Record<string, unknown>>) => object

/** Field names of each fixed type that expressions know, with their types in the library's words. */
export const FIXED_TYPES = {
  Attribute: { oid: 'string', value: 'string', stringType: 'string' },
  Name: {
    dn: 'string',
    ...Object.fromEntries(ATTRIBUTE_TYPES.map((attribute) => [attribute.name, 'list<string>'])),
    oid: 'map<string, list<string>>',
    rdns: 'list<list<Attribute>>',
  },
  OrganizationIdentifier: { scheme: 'string', country: 'string', authority: 'string', number: 'string' },
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
    psd2: 'Psd2Statement',
    statements: 'list<string>',
  },
  Certificate: {
    subject: 'Name',
    issuer: 'Name',
    organizationIdentifier: 'OrganizationIdentifier',
    serialNumber: 'string',
    notBefore: 'google.protobuf.Timestamp',
    notAfter: 'google.protobuf.Timestamp',
    subjectAltNames: 'SubjectAltNames',
    keyUsage: 'list<string>',
    extendedKeyUsage: 'list<string>',
    policies: 'list<string>',
    qualified: 'QualifiedStatements',
    publicKey: 'PublicKey',
    thumbprint: 'string',
  },
  RequestHeader: { alg: 'string', kid: 'string', typ: 'string' },
  Request: {
    operation: 'string',
    clientId: 'string',
    headers: 'map<string, string>',
    contentType: 'string',
    isSigned: 'bool',
    header: 'RequestHeader',
    claims: 'RequestClaims',
    certificate: 'Certificate',
    hasStatement: 'bool',
    hasCertificate: 'bool',
  },
  Key: { kid: 'string', use: 'string', kty: 'string', alg: 'string', crv: 'string', x5tS256: 'string' },
  Server: SERVER_METADATA,
} as const satisfies Record<string, Readonly<Record<string, string>>>

export const LIMITS = { maxAstNodes: 500, maxDepth: 40, maxListElements: 200, maxMapEntries: 100, maxCallArguments: 8 }

class Typed {}
const makers = Object.fromEntries(Object.keys(FIXED_TYPES).map((name) => [name, newMaker(name)])) as Record<
  keyof typeof FIXED_TYPES,
  { ctor: new () => object; make: Maker }
>

/** Makers of values of the fixed types. */
export const make = {
  attribute: makers.Attribute.make,
  name: makers.Name.make,
  organizationIdentifier: makers.OrganizationIdentifier.make,
  subjectAltNames: makers.SubjectAltNames.make,
  publicKey: makers.PublicKey.make,
  psd2Statement: makers.Psd2Statement.make,
  qualifiedStatements: makers.QualifiedStatements.make,
  certificate: makers.Certificate.make,
  requestHeader: makers.RequestHeader.make,
  request: makers.Request.make,
  key: makers.Key.make,
  server: makers.Server.make,
}

/** A type of its own for the expression library, and the maker of its values. */
export function newMaker(name: string): { ctor: new () => object; make: Maker } {
  const ctor = { [name]: class extends Typed {} }[name] ?? Typed
  return { ctor, make: (values) => Object.assign(new ctor(), values) }
}

/** Fields of the types that each policy declares for itself. */
export interface DeclaredTypes {
  readonly members: ReadonlyMap<string, MemberType>
  readonly claims: ReadonlyMap<string, MemberType>
  /** Of signed requests. */
  readonly requestClaims: ReadonlyMap<string, MemberType>
  readonly parameters: ReadonlyMap<string, MemberType>
  /** In the library's words; none when left out. */
  readonly lookups?: ReadonlyMap<string, string>
}

/** The names that expressions of one policy may use, and makers for the values behind them. */
export interface Declarations {
  readonly environment: Environment
  /** For addresses of look-ups: nothing that is made later, such as effective metadata or what look-ups give. */
  readonly lookupEnvironment: Environment
  readonly makeMetadata: Maker
  readonly makeStatement: Maker
  readonly makeRequestClaims: Maker
  readonly makeParameters: Maker
  readonly makeLookups: Maker
}

/** Declares functions, certificate, request and times, and the policy's own metadata, statement and parameters. */
export function declareNames(types: DeclaredTypes): Declarations {
  const environment = new Environment({ enableOptionalTypes: true, unlistedVariablesAreDyn: false, limits: LIMITS })
  declareFunctions(environment)
  const declare = (name: string, members: ReadonlyMap<string, MemberType>): Maker => {
    return declareFields(environment, name, new Map([...members].map(([member, type]) => [member, celTypeOf(type)])))
  }
  // First, for the request has a field of it.
  const makeRequestClaims = declare('RequestClaims', types.requestClaims)
  for (const [name, fields] of Object.entries(FIXED_TYPES)) {
    environment.registerType(name, { ctor: makers[name as keyof typeof FIXED_TYPES].ctor, fields })
  }
  const makeMetadata = declare('Metadata', types.members)
  const makeStatement = declare('Statement', types.claims)
  const makeParameters = declare('Parameters', types.parameters)
  environment
    .registerVariable('now', 'google.protobuf.Timestamp')
    .registerVariable('request', 'Request')
    .registerVariable('certificate', 'Certificate')
    .registerVariable('statement', 'Statement')
    .registerVariable('statementIssuer', 'string')
    .registerVariable('requested', 'Metadata')
    .registerVariable('translations', 'map<string, string>')
    .registerVariable('parameters', 'Parameters')
    .registerVariable('server', 'Server')
  const { lookups = new Map<string, string>() } = types
  const extended = lookups.size === 0 ? environment : environment.clone()
  const makeLookups = declareFields(extended, 'Lookups', lookups)
  extended.registerVariable('metadata', 'Metadata').registerVariable('lookups', 'Lookups')
  return {
    environment: extended,
    lookupEnvironment: environment,
    makeMetadata,
    makeStatement,
    makeRequestClaims,
    makeParameters,
    makeLookups,
  }
}

function declareFields(environment: Environment, name: string, types: ReadonlyMap<string, string>): Maker {
  const { ctor, make: makeValue } = newMaker(name)
  environment.registerType(name, { ctor, fields: Object.fromEntries(types) })
  return makeValue
}

/** Makes the value behind `variables`: each is evaluated when first asked for, so it costs nothing and fails nothing until a rule needs it. */
export type VariablesMaker = (evaluate: (name: string) => unknown) => object

/** One for all environments: a variable is evaluated in one that knows only those before it, with the same value behind `variables`. */
const { ctor: Variables } = newMaker('Variables')

/** Adds `variables`, whose types become known one by one as their expressions are checked. */
export function declareVariables(
  environment: Environment,
  types: ReadonlyMap<string, string>,
): { environment: Environment; makeVariables: VariablesMaker } {
  const extended = environment.clone()
  extended.registerType('Variables', { ctor: Variables, fields: Object.fromEntries(types) })
  extended.registerVariable('variables', 'Variables')
  const descriptors = Object.fromEntries([...types.keys()].map((name) => [name, lazyProperty(name)]))
  const makeVariables: VariablesMaker = (evaluate) => {
    const variables = Object.create(Variables.prototype as object, descriptors) as object
    evaluations.set(variables, { evaluate, known: new Map() })
    return variables
  }
  return { environment: extended, makeVariables }
}

/** What stands behind the properties of one `variables` object. */
const evaluations = new WeakMap<
  object,
  { readonly evaluate: (name: string) => unknown; readonly known: Map<string, unknown> }
>()

/** One getter for all objects of a policy: making them is on the path of every decision. */
function lazyProperty(name: string): PropertyDescriptor & ThisType<object> {
  return {
    enumerable: true,
    get() {
      const evaluation = evaluations.get(this)
      if (evaluation === undefined) throw new TypeError(`${name} is not a variable of this decision`)
      const { evaluate, known } = evaluation
      if (!known.has(name)) known.set(name, evaluate(name))
      return known.get(name)
    },
  }
}

export function declareFunctions(environment: Environment): void {
  environment.registerType('Sets', { ctor: Sets, fields: {} }).registerConstant('sets', 'Sets', new Sets())
  environment.registerType('DistinguishedNames', { ctor: DistinguishedNames, fields: {} })
  environment.registerConstant('dn', 'DistinguishedNames', new DistinguishedNames())
  environment.registerType('Url', { ctor: Url, fields: {} })
  environment.registerFunction('string.linearMatches(string): bool', matchesPattern)
  for (const { signature, handler } of POLICY_FUNCTIONS)
    environment.registerFunction(signature, handler as (...values: unknown[]) => unknown)
}
