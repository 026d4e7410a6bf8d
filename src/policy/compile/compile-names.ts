import type { Knowledge } from '../analyse/analyse-expression.ts'
import { buildDictionary } from '../analyse/build-dictionary.ts'
import type { Fault } from '../../model/fault.ts'
import type { CompiledPolicy } from '../compiled-policy.ts'
import { declareNames } from '../expression/declarations.ts'
import { classNames } from './compile-certificate-classes.ts'
import { compileParameters, compileVariables, declaredNames, parameterMeanings } from './compile-declarations.ts'
import { lookupTypes } from './compile-lookups.ts'
import { celTypeOfLookup } from '../lookup/lookup-type.ts'
import type { KnownTypes } from '../parse-member-type.ts'
import { compileTypes, memberTypes } from './compile-types.ts'
import { ExpressionCompiler, type CompilerOptions } from './expression-compiler.ts'
import { mergedEntries, type ResolvedPolicy } from './resolve-inheritance.ts'

type Declared = Pick<
  CompiledPolicy,
  'members' | 'claims' | 'requestClaims' | 'parameters' | 'declarations' | 'variables'
>

/** What expressions of a policy may name, and compilers that know it. */
export interface CompiledNames extends Declared {
  readonly compiler: ExpressionCompiler
  /** For what is decided of a certificate before anything else is looked at. */
  readonly classCompiler: ExpressionCompiler
  /** For addresses that look-ups go to. */
  readonly lookupCompiler: ExpressionCompiler
  readonly known: KnownTypes
}

/** What is not there yet when look-ups are made. */
const MADE_LATER = ['metadata', 'variables', 'lookups']

/** Declares everything that the expressions of a resolved policy may name. */
export function compileNames(resolved: ResolvedPolicy, faults: Fault[]): CompiledNames {
  const { chain, own } = resolved
  const known = compileTypes(resolved, faults)
  const members = memberTypes(
    mergedEntries(chain, ['members'], (content) => content.members),
    known,
    faults,
  )
  const claims = memberTypes(
    mergedEntries(chain, ['softwareStatement', 'claims'], (content) => content.softwareStatement?.claims),
    known,
    faults,
  )
  const requestClaims = memberTypes(
    mergedEntries(chain, ['signedRequest', 'claims'], (content) => content.signedRequest?.claims),
    known,
    faults,
  )
  const parameters = compileParameters(resolved, known, faults)
  const parameterTypes = new Map([...parameters].map(([name, { memberType }]) => [name, memberType]))
  const objects = [...known.objects.values()]
  const lookups = lookupTypes(resolved, known, faults)
  const celTypes = new Map([...lookups].map(([name, type]) => [name, celTypeOfLookup(type)]))
  const types = { members, claims, requestClaims, parameters: parameterTypes, objects }
  const declarations = declareNames({ ...types, lookups: celTypes })
  const names = declaredNames(
    members,
    claims,
    requestClaims,
    parameters.keys(),
    lookups.keys(),
    objects.flatMap((object) => [...object.fields.keys()]),
    chain.flatMap((file) => Object.keys(file.content.variables ?? {})),
  )
  const dictionary = buildDictionary({
    ...{ members, claims, requestClaims, objects, lookups },
    parameters: parameterMeanings(parameters),
    certificateClasses: classNames(resolved),
  })
  const knowledge: Knowledge = { dictionary, sizes: new Map() }
  const { variables, environment } = compileVariables(resolved, declarations, names, knowledge, faults)
  const options: CompilerOptions = { environment, names, variables, knowledge, own, faults }
  const compiler = new ExpressionCompiler(options)
  const classCompiler = new ExpressionCompiler({ ...options, environment: declarations.certificateEnvironment })
  const earlier = names.filter((name) => !MADE_LATER.includes(name))
  const lookupCompiler = new ExpressionCompiler({
    ...{ ...options, environment: declarations.lookupEnvironment },
    ...{ names: earlier, variables: new Map() },
  })
  const declared = { members, claims, requestClaims, parameters, declarations, variables }
  return { ...declared, compiler, classCompiler, lookupCompiler, known }
}
