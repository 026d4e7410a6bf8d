import type { Fault } from '../../model/fault.ts'
import type { PolicyFileContent } from '../schema/policy-file-schema.ts'
import { classNames } from './compile-certificate-classes.ts'
import { declarePolicyNames, type DeclaredNames, type NamesOptions } from './declare-policy-names.ts'
import { ExpressionCompiler } from './expression-compiler.ts'
import { mergedEntries, type ResolvedPolicy } from './resolve-inheritance.ts'

/** What expressions of a policy may name, and compilers that know it. */
export interface CompiledNames extends Pick<DeclaredNames, 'declared' | 'known'> {
  readonly compiler: ExpressionCompiler
  /** For what is said of a certificate alone, before anything else is looked at: its class, and whose it is. */
  readonly certificateCompiler: ExpressionCompiler
  /** For what is said of a client that the identity server has. */
  readonly registeredCompiler: ExpressionCompiler
  /** For addresses that look-ups go to. */
  readonly lookupCompiler: ExpressionCompiler
}

/**
 * Names of policies compiled so far, by all that was said to declare them. Policies that extend one another often differ in rules and
 * directories alone; they then share their names, and every expression that both have.
 */
export type KnownNames = Map<string, DeclaredNames>

/** Compilers for the expressions of a resolved policy; what it declares is looked for among, or added to, what is known. */
export function compileNames(resolved: ResolvedPolicy, knownNames: KnownNames, faults: Fault[]): CompiledNames {
  const key = declarationsOf(resolved)
  const names = knownNames.get(key) ?? declarePolicyNames(resolved, faults)
  if (names.isFaultless) knownNames.set(key, names)
  const compilerOf = (options: NamesOptions): ExpressionCompiler =>
    new ExpressionCompiler({ ...options, own: resolved.own, faults })
  return {
    declared: names.declared,
    known: names.known,
    compiler: compilerOf(names.all),
    certificateCompiler: compilerOf(names.ofCertificates),
    registeredCompiler: compilerOf(names.ofRegistered),
    lookupCompiler: compilerOf(names.ofLookups),
  }
}

/** All that declares a name or says what it means, in its order. */
function declarationsOf(resolved: ResolvedPolicy): string {
  const { chain } = resolved
  const entriesOf = (pick: (content: PolicyFileContent) => Readonly<Record<string, unknown>> | undefined): unknown =>
    [...mergedEntries(chain, [], pick)].map(([name, { value }]) => [name, value])
  return JSON.stringify([
    entriesOf((content) => content.vocabularies),
    entriesOf((content) => content.types),
    entriesOf((content) => content.members),
    entriesOf((content) => content.softwareStatement?.claims),
    entriesOf((content) => content.signedRequest?.claims),
    entriesOf((content) => content.parameters),
    entriesOf((content) => content.lookups),
    entriesOf((content) => content.variables),
    classNames(resolved),
  ])
}
