import type { ASTNode } from '@marcbachmann/cel-js'
import { parseDuration } from './evaluate/duration.ts'
import { EvaluationFailure } from './evaluate/evaluation-failure.ts'
import { parseTimestamp } from './evaluate/time-functions.ts'
import { visitNodes, type ExpressionProblem } from './inspect-expression.ts'

/** Calls with a literal, read as they are when the expression runs. */
const READERS: ReadonlyMap<string, { readonly read: (text: string) => unknown; readonly wanted: string }> = new Map([
  [
    'duration',
    { read: parseDuration, wanted: 'a duration in h, m and s, such as 720h or 1h30m, of 292 years at most' },
  ],
  ['timestamp', { read: parseTimestamp, wanted: 'a time of the years 1 to 9999, such as 2027-01-01T00:00:00Z' }],
])
const DAYS = /^(\d{1,4})(d|w)$/

/** Literals that would fail whenever the expression is evaluated, and so refuse everybody: the type checker sees texts and no more. */
export function inspectLiterals(root: ASTNode): ExpressionProblem[] {
  const problems: ExpressionProblem[] = []
  visitNodes(root, (node) => {
    if (node.op !== 'call') return
    const [name, [argument]] = node.args
    if (argument?.op !== 'value' || typeof argument.args !== 'string') return
    const reader = READERS.get(name)
    if (reader === undefined || canRead(reader.read, argument.args)) return
    const found = JSON.stringify(argument.args.slice(0, 40))
    const hint = name === 'duration' ? hintAtHours(argument.args) : null
    problems.push({ offset: argument.start, wanted: reader.wanted, found, ...(hint === null ? {} : { hint }) })
  })
  return problems
}

function canRead(read: (text: string) => unknown, text: string): boolean {
  try {
    read(text)
    return true
  } catch (failure) {
    if (failure instanceof EvaluationFailure) return false
    throw failure
  }
}

function hintAtHours(text: string): string | null {
  const [, count, unit] = DAYS.exec(text) ?? []
  return count === undefined ? null : `write "${Number(count) * (unit === 'w' ? 168 : 24)}h"`
}
