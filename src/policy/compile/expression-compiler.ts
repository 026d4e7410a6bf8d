import type { Environment } from '@marcbachmann/cel-js'
import type { Fault } from '../../model/fault.ts'
import { compileExpression, type CompiledExpression } from '../expression/compile-expression.ts'
import type { FactName } from '../expression/facts.ts'
import { suggest, type LegalNames } from '../expression/suggest.ts'
import { analyseExpression, type Knowledge } from '../analyse/analyse-expression.ts'
import type { Meaning } from '../analyse/meaning.ts'
import type { Size } from '../analyse/size.ts'
import { usesAnyVariable, type ExpressionProblem } from '../expression/inspect-expression.ts'
import type { PolicyFile, Sourced } from './policy-file.ts'
import { faultAt } from './resolve-inheritance.ts'

/** Names whose fields a policy declares, in the order in which a hint should name them. */
const OWNERS: readonly (FactName | 'registered')[] = [
  ...(['metadata', 'registered', 'statement', 'parameters', 'variables'] as const),
  ...(['certificate', 'request', 'server', 'lookups'] as const),
]

/** Namespaces of functions. */
const CONSTANTS = new Set(['sets', 'dn'])

/** An expression with what only the load needs to know of it. */
export interface AnalysedExpression extends CompiledExpression {
  readonly meaning: Meaning
  readonly size: Size
}

/** What all expressions of one policy are compiled against. */
export interface CompilerOptions {
  readonly environment: Environment
  /** All declared names, for hints. */
  readonly names: readonly string[]
  /** Those compiled so far. */
  readonly variables: ReadonlyMap<string, CompiledExpression>
  readonly knowledge: Knowledge
  /** Faultless expressions, shared by all that are compiled against the same names. */
  readonly compiled: Map<string, AnalysedExpression>
  /** The policy that is compiled, at the end of its chain. */
  readonly own: PolicyFile
  readonly faults: Fault[]
}

/** Compiles the expressions of one policy and turns every problem into a fault at its place in the file. */
export class ExpressionCompiler {
  readonly #options: CompilerOptions
  /** What the expressions compiled here name of look-ups, by themselves or by way of variables. */
  readonly lookupsNamed = new Set<string>()
  readonly #variablesNamed = new Set<string>()
  #hasHidden = false

  constructor(options: CompilerOptions) {
    this.#options = options
  }

  /** There was something to find that counts only in the policy which wrote it. */
  get hasHidden(): boolean {
    return this.#hasHidden
  }

  /** Null after a fault; a policy with any fault is never used, so callers may go on to find more. `expected` is what the result is put into. */
  compile(sourced: Sourced<string>, wanted: readonly string[], expected?: Meaning): AnalysedExpression | null {
    const { compiled } = this.#options
    const key = [...wanted, expected === undefined ? '' : JSON.stringify(expected), sourced.value].join('\0')
    const expression = compiled.get(key) ?? this.#compileAnew(sourced, wanted, expected, key)
    if (expression === null) return null
    for (const name of expression.lookupsNamed) this.lookupsNamed.add(name)
    this.#noteVariables(expression)
    return expression
  }

  /** Variables that the expressions compiled here name, by themselves or by way of others. */
  get variablesNamed(): ReadonlySet<string> {
    return this.#variablesNamed
  }

  #noteVariables({ ast, variablesNamed }: CompiledExpression): void {
    const { variables } = this.#options
    for (const name of usesAnyVariable(ast) ? variables.keys() : variablesNamed) {
      const variable = variables.get(name)
      if (variable === undefined || this.#variablesNamed.has(name)) continue
      this.#variablesNamed.add(name)
      this.#noteVariables(variable)
    }
  }

  #compileAnew(
    sourced: Sourced<string>,
    wanted: readonly string[],
    expected: Meaning | undefined,
    key: string,
  ): AnalysedExpression | null {
    const { environment, knowledge, own, compiled } = this.#options
    const compilation = compileExpression(environment, sourced.value, wanted)
    if ('problems' in compilation) {
      this.#note(sourced, compilation.problems, wanted)
      return null
    }
    const { foreignWords, tooCostly, meaning, size } = analyseExpression(
      compilation.expression.ast,
      knowledge,
      expected,
    )
    // A policy that extends this one may have another vocabulary; what stands here was held against its own when it was loaded itself.
    const isOwn = sourced.source === own
    if (foreignWords.length > 0 && !isOwn) this.#hasHidden = true
    const problems = [...(isOwn ? foreignWords : []), ...tooCostly]
    this.#note(sourced, problems, wanted)
    if (problems.length > 0) return null
    const expression = { ...this.#withVariables(compilation.expression), meaning, size }
    // Foreign words are faults in one policy and none in another: each looks for them itself.
    if (foreignWords.length === 0) compiled.set(key, expression)
    return expression
  }

  #note(
    { source, path, value }: Sourced<string>,
    problems: readonly ExpressionProblem[],
    wanted: readonly string[],
  ): void {
    for (const problem of problems) {
      const found =
        problem.tellsWhere === true ? problem.found : `${problem.found} at ${excerpt(value, problem.offset)}`
      const hint = suggest(problem, value, wanted, this.#legalNames())
      const place = source.locateInText(path, problem.offset)
      const fault = faultAt(source, path, problem.wanted, found)
      this.#options.faults.push({ ...fault, ...place, ...(hint === null ? {} : { hint }) })
    }
  }

  #legalNames(): LegalNames {
    const { environment, names } = this.#options
    const functions = environment.getDefinitions().functions.map(({ name }) => name)
    const isFieldOf = (owner: string, name: string): boolean =>
      /^\w+$/.test(name) && environment.check(`${owner}.${name}`).valid
    const ownersOf = (name: string): readonly string[] => OWNERS.filter((owner) => isFieldOf(owner, name))
    return { all: [...names, ...functions], ownersOf, isFieldOf }
  }

  /** A declared name that the expression uses besides the allowed ones, or null. */
  foreignName({ rootsNamed }: CompiledExpression, allowed: readonly string[]): string | null {
    const foreign = [...rootsNamed].filter((name) => !allowed.includes(name) && !CONSTANTS.has(name))
    return foreign.find((name) => this.#options.environment.hasVariable(name)) ?? null
  }

  optional(sourced: Sourced<string | undefined>, wanted: readonly string[]): AnalysedExpression | null {
    const { value } = sourced
    return value === undefined ? null : this.compile({ ...sourced, value }, wanted)
  }

  /** What a variable names, the expression that uses it names as well. */
  #withVariables(expression: CompiledExpression): CompiledExpression {
    const used = [...expression.variablesNamed].flatMap((name) => this.#options.variables.get(name) ?? [])
    if (used.length === 0) return expression
    return {
      ...expression,
      metadataNamed: new Set([expression, ...used].flatMap((one) => [...one.metadataNamed])),
      claimsNamed: new Set([expression, ...used].flatMap((one) => [...one.claimsNamed])),
      lookupsNamed: new Set([expression, ...used].flatMap((one) => [...one.lookupsNamed])),
      requestClaimsNamed: new Set([expression, ...used].flatMap((one) => [...one.requestClaimsNamed])),
    }
  }
}

function excerpt(text: string, offset: number): string {
  const rest = text.slice(offset).trimStart().slice(0, 40).split('\n')[0] ?? ''
  return rest === '' ? 'the end' : `"${rest}"`
}
