import type { Environment } from '@marcbachmann/cel-js'
import type { Fault } from '../../model/fault.ts'
import { compileExpression, type CompiledExpression } from '../expression/compile-expression.ts'
import { suggest, type LegalNames } from '../expression/suggest.ts'
import type { Sourced } from './policy-file.ts'
import { faultAt } from './resolve-inheritance.ts'

/** Names whose fields a policy declares, in the order in which a hint should name them. */
const OWNERS = ['metadata', 'statement', 'parameters', 'variables', 'certificate', 'request', 'server', 'lookups']

/** Namespaces of functions. */
const CONSTANTS = new Set(['sets', 'dn'])

/** Compiles the expressions of one policy and turns every problem into a fault at its place in the file. */
export class ExpressionCompiler {
  readonly #environment: Environment
  readonly #names: readonly string[]
  readonly #variables: ReadonlyMap<string, CompiledExpression>
  readonly #faults: Fault[]
  /** What the expressions compiled here name of look-ups, by themselves or by way of variables. */
  readonly lookupsNamed = new Set<string>()

  /** `names` are all declared names, for hints; `variables` those compiled so far. */
  constructor(
    environment: Environment,
    names: readonly string[],
    variables: ReadonlyMap<string, CompiledExpression>,
    faults: Fault[],
  ) {
    this.#environment = environment
    this.#names = names
    this.#variables = variables
    this.#faults = faults
  }

  /** Null after a fault; a policy with any fault is never used, so callers may go on to find more. */
  compile({ source, path, value }: Sourced<string>, wanted: readonly string[]): CompiledExpression | null {
    const compilation = compileExpression(this.#environment, value, wanted)
    if ('expression' in compilation) {
      const expression = this.#withVariables(compilation.expression)
      for (const name of expression.lookupsNamed) this.lookupsNamed.add(name)
      return expression
    }
    for (const problem of compilation.problems) {
      const fault = faultAt(source, path, problem.wanted, `${problem.found} at ${excerpt(value, problem.offset)}`)
      const hint = suggest(problem, value, wanted, this.#legalNames())
      const place = source.locateInText(path, problem.offset)
      this.#faults.push({ ...fault, ...place, ...(hint === null ? {} : { hint }) })
    }
    return null
  }

  #legalNames(): LegalNames {
    const environment = this.#environment
    const functions = environment.getDefinitions().functions.map(({ name }) => name)
    const ownersOf = (name: string): readonly string[] =>
      OWNERS.filter((owner) => /^\w+$/.test(name) && environment.check(`${owner}.${name}`).valid)
    return { all: [...this.#names, ...functions], ownersOf }
  }

  /** A declared name that the expression uses besides the allowed ones, or null. */
  foreignName({ rootsNamed }: CompiledExpression, allowed: readonly string[]): string | null {
    const foreign = [...rootsNamed].filter((name) => !allowed.includes(name) && !CONSTANTS.has(name))
    return foreign.find((name) => this.#environment.hasVariable(name)) ?? null
  }

  optional(sourced: Sourced<string | undefined>, wanted: readonly string[]): CompiledExpression | null {
    const { value } = sourced
    return value === undefined ? null : this.compile({ ...sourced, value }, wanted)
  }

  /** What a variable names, the expression that uses it names as well. */
  #withVariables(expression: CompiledExpression): CompiledExpression {
    const used = [...expression.variablesNamed].flatMap((name) => this.#variables.get(name) ?? [])
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
