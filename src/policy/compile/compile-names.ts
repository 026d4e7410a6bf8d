import type { Knowledge } from '../analyse/analyse-expression.ts'
import { buildDictionary } from '../analyse/build-dictionary.ts'
import type { Fault } from '../../model/fault.ts'
import type { CompiledPolicy } from '../compiled-policy.ts'
import { declareNames } from '../expression/declarations.ts'
import { classNames } from './compile-certificate-classes.ts'
import { compileParameters, compileVariables, declaredNames, parameterMeanings } from './compile-declarations.ts'
import { compileTypes, memberTypes } from './compile-types.ts'
import { ExpressionCompiler, type CompilerOptions } from './expression-compiler.ts'
import { mergedEntries, type ResolvedPolicy } from './resolve-inheritance.ts'

type Declared = Pick<CompiledPolicy, 'members' | 'claims' | 'parameters' | 'declarations' | 'variables'>

/** What expressions of a policy may name, and compilers that know it. */
export interface CompiledNames extends Declared {
  readonly compiler: ExpressionCompiler
  /** For what is decided of a certificate before anything else is looked at. */
  readonly classCompiler: ExpressionCompiler
}

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
  const parameters = compileParameters(resolved, known, faults)
  const parameterTypes = new Map([...parameters].map(([name, { memberType }]) => [name, memberType]))
  const objects = [...known.objects.values()]
  const declarations = declareNames({ members, claims, parameters: parameterTypes, objects })
  const names = declaredNames(
    members,
    claims,
    parameters.keys(),
    objects.flatMap((object) => [...object.fields.keys()]),
    chain.flatMap((file) => Object.keys(file.content.variables ?? {})),
  )
  const dictionary = buildDictionary({
    ...{ members, claims, objects },
    parameters: parameterMeanings(parameters),
    certificateClasses: classNames(resolved),
  })
  const knowledge: Knowledge = { dictionary, sizes: new Map() }
  const { variables, environment } = compileVariables(resolved, declarations, names, knowledge, faults)
  const options: CompilerOptions = { environment, names, variables, knowledge, own, faults }
  const compiler = new ExpressionCompiler(options)
  const classCompiler = new ExpressionCompiler({ ...options, environment: declarations.certificateEnvironment })
  return { members, claims, parameters, declarations, variables, compiler, classCompiler }
}
