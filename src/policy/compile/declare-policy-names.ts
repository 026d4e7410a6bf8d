import type { Knowledge } from '../analyse/analyse-expression.ts'
import { buildDictionary } from '../analyse/build-dictionary.ts'
import type { Fault } from '../../model/fault.ts'
import type { CompiledPolicy } from '../compiled-policy.ts'
import { declareNames } from '../expression/declarations.ts'
import { factsKnown } from '../expression/facts.ts'
import { usesAnyVariable } from '../expression/inspect-expression.ts'
import { classNames } from './compile-certificate-classes.ts'
import { compileParameters, compileVariables, declaredNames, parameterMeanings } from './compile-declarations.ts'
import { lookupTypes } from './compile-lookups.ts'
import { celTypeOfLookup, type LookupType } from '../lookup/lookup-type.ts'
import type { KnownTypes } from '../parse-member-type.ts'
import { compileTypes, memberTypes } from './compile-types.ts'
import type { CompilerOptions } from './expression-compiler.ts'
import { mergedEntries, type ResolvedPolicy } from './resolve-inheritance.ts'

type Fields = Pick<CompiledPolicy, 'members' | 'claims' | 'requestClaims' | 'parameters'>

/** What a compiler needs, whichever policy it compiles. */
export type NamesOptions = Omit<CompilerOptions, 'own' | 'faults'>

/** What expressions of a policy may name. Nothing here says in which file it was declared. */
export interface DeclaredNames {
  readonly declared: Fields & Pick<CompiledPolicy, 'declarations' | 'variables' | 'steadyVariables'>
  readonly known: KnownTypes
  readonly all: NamesOptions
  /** Without what is not there when certificates are looked at alone, clients of the identity server, or addresses of look-ups. */
  readonly ofCertificates: NamesOptions
  readonly ofRegistered: NamesOptions
  readonly ofLookups: NamesOptions
  /** Another policy with the same declarations would have none other, and no fault of its own. */
  readonly isFaultless: boolean
}

/** Declares everything that the expressions of a resolved policy may name, and compiles the variables among it. */
export function declarePolicyNames(resolved: ResolvedPolicy, faults: Fault[]): DeclaredNames {
  const before = faults.length
  const known = compileTypes(resolved, faults)
  const fields = compileFields(resolved, known, faults)
  const lookups = lookupTypes(resolved, known, faults)
  const objects = [...known.objects.values()]
  const { parameters, ...others } = fields
  const declarations = declareNames({
    ...{ ...others, objects },
    parameters: new Map([...parameters].map(([name, { memberType }]) => [name, memberType])),
    lookups: new Map([...lookups].map(([name, type]) => [name, celTypeOfLookup(type)])),
  })
  const names = namesOf(resolved, fields, known, lookups)
  const dictionary = buildDictionary({
    ...{ ...others, objects, lookups },
    parameters: parameterMeanings(parameters),
    certificateClasses: classNames(resolved),
  })
  const knowledge: Knowledge = { dictionary, sizes: new Map() }
  const { variables, environment, compiled, hasHidden } = compileVariables(
    ...([resolved, declarations, names, knowledge, faults] as const),
  )
  const all: NamesOptions = { environment, names, variables, knowledge, compiled }
  // Not there yet when look-ups are made.
  const later: readonly string[] = factsKnown('decision', 'variables')
  const earlier = names.filter((name) => !later.includes(name))
  return {
    declared: { ...fields, declarations, variables, steadyVariables: steadyOf(variables) },
    known,
    all,
    ofCertificates: { ...all, environment: declarations.certificateEnvironment, compiled: new Map() },
    ofRegistered: {
      ...{ ...all, environment: declarations.registeredEnvironment, compiled: new Map() },
      ...{ names: [...names, 'registered'], variables: new Map() },
    },
    ofLookups: {
      ...{ ...all, environment: declarations.lookupEnvironment, compiled: new Map() },
      ...{ names: earlier, variables: new Map() },
    },
    isFaultless: faults.length === before && !hasHidden,
  }
}

function compileFields(resolved: ResolvedPolicy, known: KnownTypes, faults: Fault[]): Fields {
  const { chain } = resolved
  const members = mergedEntries(chain, ['members'], (content) => content.members)
  const claims = mergedEntries(chain, ['softwareStatement', 'claims'], (content) => content.softwareStatement?.claims)
  const requestClaims = mergedEntries(chain, ['signedRequest', 'claims'], (content) => content.signedRequest?.claims)
  return {
    members: memberTypes(members, known, faults),
    claims: memberTypes(claims, known, faults),
    requestClaims: memberTypes(requestClaims, known, faults),
    parameters: compileParameters(resolved, known, faults),
  }
}

/** Each names only those before it. */
function steadyOf(variables: CompiledPolicy['variables']): ReadonlySet<string> {
  const steady = new Set<string>()
  for (const [name, { ast, rootsNamed, variablesNamed }] of variables) {
    const looks = rootsNamed.has('metadata') || usesAnyVariable(ast)
    if (!looks && [...variablesNamed].every((used) => steady.has(used))) steady.add(name)
  }
  return steady
}

/** For hints at misspelt ones. */
function namesOf(
  { chain }: ResolvedPolicy,
  { members, claims, requestClaims, parameters }: Fields,
  { objects }: KnownTypes,
  lookups: ReadonlyMap<string, LookupType>,
): readonly string[] {
  return declaredNames(
    ...[members, claims, requestClaims, parameters.keys(), lookups.keys()],
    [...objects.values()].flatMap((object) => [...object.fields.keys()]),
    chain.flatMap((file) => Object.keys(file.content.variables ?? {})),
  )
}
