import type { ASTNode, Environment, ParseResult } from '@marcbachmann/cel-js'
import { findMisspeltFields } from './find-misspelt-fields.ts'
import { asWritten, inspectExpression, membersNamed, type ExpressionProblem } from './inspect-expression.ts'

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
  readonly variablesNamed: ReadonlySet<string>
}

export type Compilation =
  { readonly expression: CompiledExpression } | { readonly problems: readonly ExpressionProblem[] }

/** Compiles one expression; `wanted` lists the acceptable types, empty for any (a `dyn` is acceptable everywhere: it is checked when it runs). */
export function compileExpression(environment: Environment, text: string, wanted: readonly string[]): Compilation {
  let parsed: ParseResult
  try {
    parsed = environment.parse(text)
  } catch (error) {
    return { problems: [toProblem(error)] }
  }
  const problems = inspectExpression(parsed.ast)
  if (problems.length > 0) return { problems }
  const checked = parsed.check()
  if (!checked.valid) return { problems: [toProblem(checked.error)] }
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
  return {
    text,
    type,
    evaluate: (activation): unknown => parsed(activation),
    metadataNamed,
    claimsNamed,
    variablesNamed,
  }
}

/** Errors of the library carry a summary and a place; of anything else (such as an exceeded limit) only the first line is kept. */
function toProblem(error: unknown): ExpressionProblem {
  const { code, summary, message, node } = error as {
    code?: string
    summary?: string
    message?: string
    node?: ASTNode
  }
  const found = asWritten((summary ?? message ?? 'an unreadable expression').split('\n')[0] ?? '').replace(
    /^found /,
    '',
  )
  const problem = { offset: node?.pos ?? 0, wanted: 'a valid expression', found }
  if (node === undefined) return problem
  if (code === 'no_such_key' && node.op === '.')
    return { ...problem, wanted: 'a declared name', misspelt: node.args[1] }
  if (code === 'unknown_variable' && node.op === 'id')
    return { ...problem, wanted: 'a declared name', misspelt: node.args }
  // A function of that name may well exist, for other types; then no nearer name is found and no hint is given.
  return node.op === 'call' || node.op === 'rcall' ? { ...problem, misspelt: node.args[0] } : problem
}
