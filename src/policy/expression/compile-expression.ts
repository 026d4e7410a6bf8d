import type { Environment, ParseResult } from '@marcbachmann/cel-js'
import { describeError } from './describe-error.ts'
import { findMisspeltFields } from './find-misspelt-fields.ts'
import { inspectLiterals } from './inspect-literals.ts'
import {
  inspectExpression,
  membersNamed,
  requestClaimsNamed,
  rootsNamed,
  type ExpressionProblem,
} from './inspect-expression.ts'

/** Values of the declared names, made by build-activation.ts. */
export type Activation = Readonly<Record<string, unknown>>

/** An expression that was parsed, inspected and type-checked when the policy was loaded. */
export interface CompiledExpression {
  readonly text: string
  /** Type in the expression library's words, such as `list<string>`. */
  readonly type: string
  /** @throws whatever the expression fails with, which callers take as a refusal */
  readonly evaluate: (activation: Activation) => unknown
  readonly metadataNamed: ReadonlySet<string>
  readonly claimsNamed: ReadonlySet<string>
  readonly requestClaimsNamed: ReadonlySet<string>
  readonly variablesNamed: ReadonlySet<string>
  readonly lookupsNamed: ReadonlySet<string>
  /** Names used by themselves, such as `metadata`, and those of loops. */
  readonly rootsNamed: ReadonlySet<string>
}

export type Compilation =
  { readonly expression: CompiledExpression } | { readonly problems: readonly ExpressionProblem[] }

/** Compiles one expression; `wanted` lists the acceptable types, empty for any (a `dyn` is acceptable everywhere: it is checked when it runs). */
export function compileExpression(environment: Environment, text: string, wanted: readonly string[]): Compilation {
  let parsed: ParseResult
  try {
    parsed = environment.parse(text)
  } catch (error) {
    return { problems: [describeError(text, error)] }
  }
  const problems = [...inspectExpression(parsed.ast), ...inspectLiterals(parsed.ast)]
  if (problems.length > 0) return { problems }
  const checked = parsed.check()
  if (!checked.valid) return { problems: [describeError(text, checked.error, parsed.ast)] }
  const misspelt = findMisspeltFields(environment, parsed.ast)
  if (misspelt.length > 0) return { problems: misspelt }
  const type = checked.type ?? 'dyn'
  if (wanted.length > 0 && type !== 'dyn' && !wanted.includes(type)) {
    return {
      problems: [
        { offset: 0, wanted: `an expression that gives ${wanted.join(' or ')}`, found: `one that gives ${type}` },
      ],
    }
  }
  return { expression: describe(text, type, parsed) }
}

function describe(text: string, type: string, parsed: ParseResult): CompiledExpression {
  const metadataNamed = new Set([...membersNamed(parsed.ast, 'metadata'), ...membersNamed(parsed.ast, 'requested')])
  const claimsNamed = membersNamed(parsed.ast, 'statement')
  const variablesNamed = membersNamed(parsed.ast, 'variables')
  const lookupsNamed = membersNamed(parsed.ast, 'lookups')
  return {
    text,
    type,
    evaluate: (activation): unknown => parsed(activation),
    metadataNamed,
    claimsNamed,
    variablesNamed,
    lookupsNamed,
    requestClaimsNamed: requestClaimsNamed(parsed.ast),
    rootsNamed: rootsNamed(parsed.ast),
  }
}
