import type { Fault } from '../../model/fault.ts'
import type { ClientPart, CompiledClient } from '../compiled-policy.ts'
import type { CompiledExpression } from '../expression/compile-expression.ts'
import { requestFacts } from '../expression/facts.ts'
import type { CompiledNames } from './compile-names.ts'
import { OPTIONAL_STRING } from './compile-rules.ts'
import type { ExpressionCompiler } from './expression-compiler.ts'
import type { PolicyFile, Sourced } from './policy-file.ts'
import { faultAt, mergedEntries } from './resolve-inheritance.ts'

type Part = Sourced<string | boolean | undefined>
type Section = ReadonlyMap<string, Part>

/** What a policy and those it extends say of clients, part by part the last that speaks. */
export function compileClient(
  chain: readonly PolicyFile[],
  { compiler, certificateCompiler, registeredCompiler }: CompiledNames,
  faults: Fault[],
): CompiledClient {
  const section: Section = mergedEntries<Part['value']>(chain, ['client'], (content) => content.client)
  noteIdleParts(section, faults)
  const compile = (part: ClientPart, by: ExpressionCompiler, facts: readonly string[]): CompiledExpression | null =>
    compileName(section.get(part), by, facts, faults)
  return {
    key: compile('key', compiler, requestFacts()),
    single: compileSingle(section.get('single'), certificateCompiler, faults),
    owner: compile('owner', certificateCompiler, ['certificate']),
    registered: compile('registered', registeredCompiler, ['registered']),
    declaredBy: Object.fromEntries([...section].map(([part, { source }]) => [part, source.content.name])),
  }
}

/** A text that tells one from another. */
function compileName(
  sourced: Part | undefined,
  compiler: ExpressionCompiler,
  facts: readonly string[],
  faults: Fault[],
): CompiledExpression | null {
  if (sourced?.value === undefined) return null
  const { source, path } = sourced
  const value = String(sourced.value)
  const expression = compiler.compile({ source, path, value }, OPTIONAL_STRING)
  if (expression === null || facts.some((fact) => expression.rootsNamed.has(fact))) return expression
  const wanted = facts.length === 1 ? `an expression over ${facts.join()}` : 'an expression over facts of the request'
  faults.push({ ...faultAt(source, path, wanted, value), hint: 'what is the same for everybody tells nobody apart' })
  return null
}

/** Known before any request, since the operator must know it too. */
function compileSingle(
  sourced: Part | undefined,
  compiler: ExpressionCompiler,
  faults: Fault[],
): CompiledClient['single'] {
  if (sourced?.value === undefined) return true
  const { source, path, value } = sourced
  if (typeof value === 'boolean') return value
  const expression = compiler.compile({ source, path, value }, ['bool'])
  if (expression === null) return true
  const foreign = compiler.foreignName(expression, ['parameters'])
  if (foreign !== null) faults.push(faultAt(source, path, 'an expression over parameters alone', foreign))
  return expression
}

/** What looks like a check and is none. */
function noteIdleParts(section: Section, faults: Fault[]): void {
  const needs = [
    ['single', 'key', 'without a key there is nothing that could be single'],
    ['registered', 'owner', 'what the identity server has is never the subject as certificates are compared by it'],
  ] as const
  for (const [part, needed, hint] of needs) {
    const sourced = section.get(part)
    if (sourced === undefined || section.has(needed)) continue
    faults.push({ ...faultAt(sourced.source, sourced.path, `${needed} beside it`, 'none'), hint })
  }
}
