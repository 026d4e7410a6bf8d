import { nearestName, withNearest } from '../../document/nearest-name.ts'
import type { ExpressionProblem } from '../expression/inspect-expression.ts'
import { admits, firstForeignWord, type Vocabulary } from '../vocabulary.ts'
import type { Literal, Meaning, TextMeaning } from './meaning.ts'

const LISTED_WORDS = 12

/** Literals of one side that can never equal what the other holds: a misspelt word would make a condition that never holds, without a word. */
export function findForeignWords(left: Meaning, right: Meaning): readonly ExpressionProblem[] {
  if (left.kind === 'text' && right.kind === 'text')
    return [...foreignLiterals(left, right), ...foreignLiterals(right, left)]
  if ((left.kind === 'list' && right.kind === 'list') || (left.kind === 'optional' && right.kind === 'optional'))
    return findForeignWords(left.of, right.of)
  return []
}

function foreignLiterals({ literals }: TextMeaning, other: TextMeaning): readonly ExpressionProblem[] {
  const { vocabulary, open, delimited } = other
  if (vocabulary === null || open) return []
  const suspects = literals.filter(({ value }) => !other.literals.some((literal) => literal.value === value))
  return suspects.flatMap((literal) => describeForeign(literal, vocabulary, delimited) ?? [])
}

function describeForeign(
  { value, offset }: Literal,
  vocabulary: Vocabulary,
  delimited: boolean,
): ExpressionProblem | null {
  if (!delimited || typeof value === 'bigint')
    return admits(vocabulary, value) ? null : foreignWord(vocabulary, value, offset)
  const foreign = firstForeignWord(vocabulary, value)
  return foreign === null ? null : foreignWord(vocabulary, foreign, offset)
}

/** What is wrong with a word that is not of the vocabulary, with the nearest one that is. */
export function foreignWord(vocabulary: Vocabulary, value: string | bigint, offset: number): ExpressionProblem {
  const { name, words } = vocabulary
  const texts = words.map(String)
  const near = nearestName(String(value), texts)
  const listed = texts.slice(0, LISTED_WORDS).join(', ')
  const problem = {
    offset,
    wanted: `a word of ${name} (${listed}${texts.length > LISTED_WORDS ? ', ...' : ''})`,
    found: typeof value === 'string' ? JSON.stringify(value) : String(value),
    tellsWhere: true,
  }
  return withNearest(problem, near)
}
