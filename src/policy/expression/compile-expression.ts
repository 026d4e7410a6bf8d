import type { ASTNode, Environment, ParseResult } from '@marcbachmann/cel-js'
import { describeError } from './describe-error.ts'
import { compileNode, type Evaluator } from './evaluate/compile-node.ts'
import type { Evaluate } from './evaluate/compiled-node.ts'
import { NotOffered } from './evaluate/evaluation-failure.ts'
import { findMisspeltFields } from './find-misspelt-fields.ts'
import { inspectLiterals } from './inspect-literals.ts'
import {
  inspectExpression,
  membersNamed,
  requestClaimsNamed,
  rootsNamed,
  type ExpressionProblem,
} from './inspect-expression.ts'

export type { Activation } from './evaluate/compiled-node.ts'

/** An expression that was parsed, inspected and type-checked when the policy was loaded. */
export interface CompiledExpression {
  readonly text: string
  /** Checked, for what is found out about it when the policy is loaded. */
  readonly ast: ASTNode
  /** Type in the expression library's words, such as `list<string>`. */
  readonly type: string
  /** @throws whatever the expression fails with, which callers take as a refusal */
  readonly evaluate: Evaluate
  /** Declared names it reads, such as `metadata`. */
  readonly names: ReadonlySet<string>
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
  const evaluator = compileChecked(parsed.ast)
  return 'problem' in evaluator
    ? { problems: [evaluator.problem] }
    : { expression: describe(text, type, parsed.ast, evaluator) }
}

function compileChecked(root: ASTNode): Evaluator | { readonly problem: ExpressionProblem } {
  try {
    return compileNode(root)
  } catch (failure) {
    if (!(failure instanceof NotOffered)) throw failure
    const { offset, wanted, message } = failure
    return { problem: { offset, wanted, found: message } }
  }
}

function describe(text: string, type: string, root: ASTNode, { evaluate, names }: Evaluator): CompiledExpression {
  const named = membersNamed(root)
  const metadataNamed = new Set([...named('metadata'), ...named('requested')])
  const claimsNamed = named('statement')
  const variablesNamed = named('variables')
  return {
    ...{ text, ast: root, type, evaluate, names, metadataNamed, claimsNamed, variablesNamed },
    lookupsNamed: named('lookups'),
    requestClaimsNamed: requestClaimsNamed(root),
    rootsNamed: rootsNamed(root),
  }
}
