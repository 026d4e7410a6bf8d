import type { ASTNode } from '@marcbachmann/cel-js'
import { z } from 'zod'
import { visitNodes, type ExpressionProblem } from './inspect-expression.ts'

const DURATION = /^[+-]?(?:\d+(?:\.\d+)?(?:h|ms|m|s|us|ns))+$/
const DAYS = /^(\d{1,6})(d|w)$/
const timestamp = z.iso.datetime({ offset: true })

/** Literals that would fail whenever the expression is evaluated, and so refuse everybody: the type checker sees texts and no more. */
export function inspectLiterals(root: ASTNode): ExpressionProblem[] {
  const problems: ExpressionProblem[] = []
  visitNodes(root, (node) => {
    if (node.op !== 'call') return
    const [name, [argument]] = node.args
    if (argument?.op !== 'value' || typeof argument.args !== 'string') return
    const problem = name === 'duration' ? findDurationProblem(argument.args) : findTimeProblem(name, argument.args)
    if (problem !== null) problems.push({ offset: argument.start, ...problem })
  })
  return problems
}

type LiteralProblem = Omit<ExpressionProblem, 'offset'>

function findDurationProblem(text: string): LiteralProblem | null {
  if (DURATION.test(text)) return null
  const wanted = 'a duration in h, m and s, such as 720h or 1h30m'
  const [, count, unit] = DAYS.exec(text) ?? []
  const hours = Number(count) * (unit === 'w' ? 168 : 24)
  return { wanted, found: show(text), ...(count === undefined ? {} : { hint: `write "${hours}h"` }) }
}

function findTimeProblem(name: string, text: string): LiteralProblem | null {
  if (name !== 'timestamp' || timestamp.safeParse(text).success) return null
  return { wanted: 'a time such as 2027-01-01T00:00:00Z', found: show(text) }
}

function show(text: string): string {
  return JSON.stringify(text.slice(0, 40))
}
