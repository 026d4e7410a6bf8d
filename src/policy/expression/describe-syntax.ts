import { findBracketFault } from './find-bracket-fault.ts'
import type { ExpressionProblem } from './inspect-expression.ts'

/** What people who know other languages write, with what CEL has for it; the first that fits what stands at the mistake. */
const HABITS: readonly (readonly [behind: RegExp, at: RegExp, hint: string])[] = [
  [/$/, /^=~/, 'match with .matches("...")'],
  [/$/, /^=/, 'compare with =='],
  [/$/, /^&(?!&)|^and\b/i, 'write &&'],
  [/$/, /^\|(?!\|)|^or\b/i, 'write ||'],
  [/\bnot\s+$/i, /^/, 'write ! for not'],
  [/<$/, /^>/, 'write !='],
  [/$/, /^[\u2018-\u201f\u00ab\u00bb]/, 'write quotes as "'],
]

/** Words for text that is no expression. `code` is the parser's, and so is `offset`, where it gave up. */
export function describeSyntax(text: string, code: string | undefined, offset: number): ExpressionProblem {
  const problem = { offset, wanted: 'a valid expression' }
  if (code === 'unterminated_string') return { offset, wanted: 'a closing quote', found: 'none' }
  if (code === 'reserved_identifier') return describeReserved(text, offset)
  const bracket = findBracketFault(text)
  // Another mistake before it would be the first to mend.
  if (bracket !== null && (bracket.offset <= offset || offset >= text.trimEnd().length)) return bracket
  if (offset >= text.trimEnd().length) return { ...problem, found: 'less than a whole one' }
  const [, , hint] =
    HABITS.find(([behind, at]) => behind.test(text.slice(0, offset)) && at.test(text.slice(offset))) ?? []
  return { ...problem, found: 'something that does not belong there', ...(hint === undefined ? {} : { hint }) }
}

function describeReserved(text: string, offset: number): ExpressionProblem {
  const word = /^\w+/.exec(text.slice(offset))?.[0] ?? ''
  const hint = word === 'if' ? { hint: 'write condition ? value : other' } : {}
  return { offset, wanted: 'a name that is not reserved', found: word, ...hint }
}
