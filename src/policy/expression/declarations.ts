import { Environment } from '@marcbachmann/cel-js'
import type { JsonObject } from '../../model/json.ts'
import { celTypeOf, type MemberType, type ObjectType } from '../member-type.ts'
import { newMaker, type Maker } from '../typed-object.ts'
import { DistinguishedNames, POLICY_FUNCTIONS, Sets } from './functions.ts'
import { LINEAR_MATCHES } from './regular-expression.ts'
import { JsonFields } from './evaluate/json-fields.ts'
import { LazyFields } from './evaluate/typed-values.ts'
import { declarationOf, declaredType } from './fact-values.ts'
import { ERROR_TYPES, FACTS, factsKnown, FIXED_TYPES, type Moment } from './facts.ts'
import { Url } from './url.ts'

export const LIMITS = { maxAstNodes: 500, maxDepth: 40, maxListElements: 200, maxMapEntries: 100, maxCallArguments: 8 }

/** Fields of the types that each policy declares for itself. */
export interface DeclaredTypes {
  readonly members: ReadonlyMap<string, MemberType>
  readonly claims: ReadonlyMap<string, MemberType>
  /** Of signed requests. */
  readonly requestClaims: ReadonlyMap<string, MemberType>
  readonly parameters: ReadonlyMap<string, MemberType>
  /** Those of the section `types`, each after those it names. */
  readonly objects?: readonly ObjectType[]
  /** In the library's words; none when left out. */
  readonly lookups?: ReadonlyMap<string, string>
}

/** Types that are declared for each policy, by the names that its `types` therefore cannot have. */
const POLICY_TYPES = [
  'Metadata',
  'Statement',
  'RequestClaims',
  'Lookups',
  ...Object.keys(ERROR_TYPES),
  'Parameters',
  'Variables',
  'Url',
  'Sets',
  'DistinguishedNames',
]
const LIBRARY_TYPES = ['CelNamespace', 'OptionalNamespace', 'Optional', 'Duration', 'Timestamp']

/** Whether a policy may give the name to a type of its own. */
export function isFreeTypeName(name: string): boolean {
  return !Object.hasOwn(FIXED_TYPES, name) && ![...POLICY_TYPES, ...LIBRARY_TYPES].includes(name)
}

/** Makes the value behind a name whose fields a policy declares, from members that have their types. */
type JsonMaker = (members: JsonObject) => JsonFields

/** The names that expressions of one policy may use, and makers for the values behind them. */
export interface Declarations {
  readonly environment: Environment
  /** Knows certificate, parameters and now alone: what certificates are classed by. */
  readonly certificateEnvironment: Environment
  /** Knows what the identity server has of a client, parameters and now alone. */
  readonly registeredEnvironment: Environment
  /** For addresses of look-ups: nothing that is made later, such as effective metadata or what look-ups give. */
  readonly lookupEnvironment: Environment
  readonly makeMetadata: JsonMaker
  readonly makeStatement: JsonMaker
  readonly makeRequestClaims: JsonMaker
  readonly makeParameters: JsonMaker
  readonly makeLookups: Maker
}

/** Declares functions, certificate, request and times, and the policy's own metadata, statement and parameters. */
export function declareNames(types: DeclaredTypes): Declarations {
  const base = new Environment({ enableOptionalTypes: true, unlistedVariablesAreDyn: false, limits: LIMITS })
  declareFunctions(base)
  const declare = (name: string, members: ReadonlyMap<string, MemberType>): JsonMaker => {
    declareFields(base, name, new Map([...members].map(([member, type]) => [member, celTypeOf(type)])))
    return (values) => new JsonFields(values, members)
  }
  for (const { name, fields } of types.objects ?? []) declare(name, fields)
  // First, for the request has a field of it.
  const makeRequestClaims = declare('RequestClaims', types.requestClaims)
  for (const name of Object.keys(FIXED_TYPES) as (keyof typeof FIXED_TYPES)[])
    base.registerType(name, declarationOf(name))
  const makeMetadata = declare('Metadata', types.members)
  const makeStatement = declare('Statement', types.claims)
  const makeParameters = declare('Parameters', types.parameters)
  declareFacts(base, 'always')
  // To copy an environment is to freeze it.
  const registeredEnvironment = base.clone().registerVariable('registered', 'Metadata')
  const certificateEnvironment = declareFacts(base.clone(), 'certificate')
  const environment = declareFacts(certificateEnvironment.clone(), 'request')
  const { lookups = new Map<string, string>() } = types
  const extended = lookups.size === 0 ? environment : environment.clone()
  const makeLookups = declareFields(extended, 'Lookups', lookups)
  declareFacts(extended, 'decision')
  return {
    ...{ environment: extended, certificateEnvironment, registeredEnvironment, lookupEnvironment: environment },
    ...{ makeMetadata, makeStatement, makeRequestClaims, makeParameters, makeLookups },
  }
}

/** Those that become known at this moment. */
function declareFacts(environment: Environment, moment: Moment): Environment {
  for (const name of factsKnown(moment)) environment.registerVariable(name, declaredType(FACTS[name].type))
  return environment
}

function declareFields(environment: Environment, name: string, fields: ReadonlyMap<string, string>): Maker {
  const { ctor, make: makeValue } = newMaker(name)
  environment.registerType(name, { ctor, fields: Object.fromEntries(fields) })
  return makeValue
}

/** One for all environments: a variable is evaluated in one that knows only those before it, with the same value behind `variables`. */
class Variables extends LazyFields {}

/** Adds `variables`, whose types become known one by one as their expressions are checked. */
export function declareVariables(environment: Environment, types: ReadonlyMap<string, string>): Environment {
  return environment
    .clone()
    .registerType('Variables', { ctor: Variables, fields: Object.fromEntries(types) })
    .registerVariable('variables', FACTS.variables.type)
}

/** The value behind `variables`: each is evaluated when first asked for, so it costs nothing and fails nothing until a rule needs it. */
export function makeVariables(evaluate: (name: string) => unknown): LazyFields {
  return new Variables(evaluate)
}

export function declareFunctions(environment: Environment): void {
  environment.registerType('Sets', { ctor: Sets, fields: {} }).registerConstant('sets', 'Sets', new Sets())
  environment.registerType('DistinguishedNames', { ctor: DistinguishedNames, fields: {} })
  environment.registerConstant('dn', 'DistinguishedNames', new DistinguishedNames())
  environment.registerType('Url', { ctor: Url, fields: {} })
  for (const { signature, handler } of [LINEAR_MATCHES, ...POLICY_FUNCTIONS])
    environment.registerFunction(signature, handler as (...values: unknown[]) => unknown)
}
