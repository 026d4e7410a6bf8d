import type { Environment } from '@marcbachmann/cel-js'
import { nearestName } from '../document/nearest-name.ts'
import type { Fault } from '../model/fault.ts'
import { compileExpression, type CompiledExpression } from './expression/compile-expression.ts'
import type { Sourced } from './policy-file.ts'
import { faultAt } from './resolve-inheritance.ts'

/** Compiles the expressions of one policy and turns every problem into a fault at its place in the file. */
export class ExpressionCompiler {
  readonly #environment: Environment
  readonly #names: readonly string[]
  readonly #variables: ReadonlyMap<string, CompiledExpression>
  readonly #faults: Fault[]

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
    if ('expression' in compilation) return this.#withVariables(compilation.expression)
    for (const problem of compilation.problems) {
      const fault = faultAt(source, path, problem.wanted, `${problem.found} at "${excerpt(value, problem.offset)}"`)
      const near = problem.misspelt === undefined ? null : nearestName(problem.misspelt, this.#legalNames())
      // A name that exists, but elsewhere or with other types, would be a riddle as a hint.
      const hint = near === null || near === problem.misspelt ? {} : { hint: `did you mean ${near}?` }
      const place = value.includes('\n') ? {} : { column: fault.column + problem.offset }
      this.#faults.push({ ...fault, ...place, ...hint })
    }
    return null
  }

  #legalNames(): readonly string[] {
    return [...this.#names, ...this.#environment.getDefinitions().functions.map(({ name }) => name)]
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
    }
  }
}

function excerpt(text: string, offset: number): string {
  return text.slice(offset, offset + 40).split('\n')[0] ?? ''
}
