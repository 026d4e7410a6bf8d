import type { ASTNode } from '@marcbachmann/cel-js'
import type { ExpressionProblem } from '../expression/inspect-expression.ts'
import type { Dictionary } from './build-dictionary.ts'
import { estimateCost, type Estimate } from './estimate-cost.ts'
import { findForeignWords } from './find-foreign-words.ts'
import { inferMeaning } from './infer-meaning.ts'
import type { Meaning } from './meaning.ts'
import type { Size } from './size.ts'

/** What is known of the names of one policy; variables are entered as they are compiled. */
export interface Knowledge {
  readonly dictionary: Dictionary
  readonly sizes: Map<string, Size>
}

export interface Analysis {
  readonly meaning: Meaning
  readonly size: Size
  /** Words that no vocabulary has. */
  readonly foreignWords: readonly ExpressionProblem[]
  readonly tooCostly: readonly ExpressionProblem[]
}

/**
 * The gateway has one thread: what one request may cost at worst, all others wait for. A step takes 10 to 50 ns, so this is a tenth of a
 * second in which nobody else is served.
 */
const STEP_LIMIT = 2_000_000

/** Looks at a checked expression beyond its types; `expected` is what its result is put into, where that has a vocabulary. */
export function analyseExpression(root: ASTNode, { dictionary, sizes }: Knowledge, expected?: Meaning): Analysis {
  const { meaning, problems } = inferMeaning(root, dictionary)
  const unexpected = expected === undefined ? [] : findForeignWords(expected, withoutOptional(meaning))
  const estimate = estimateCost(root, sizes)
  return {
    meaning,
    size: estimate.size,
    foreignWords: [...problems, ...unexpected],
    tooCostly: estimate.steps > STEP_LIMIT ? [describeCost(root, estimate)] : [],
  }
}

/** An effect takes an optional and its value alike. */
function withoutOptional(meaning: Meaning): Meaning {
  return meaning.kind === 'optional' ? meaning.of : meaning
}

function describeCost(root: ASTNode, { steps, loop }: Estimate): ExpressionProblem {
  const wanted = `at most ${inMillions(STEP_LIMIT)} steps for the largest request`
  if (loop === null) return { offset: root.start, wanted, found: `about ${inMillions(steps)}` }
  const found = `about ${inMillions(steps)}, most of them in a loop of up to ${loop.rounds} rounds`
  const hint = 'compare lists with sets.contains or sets.difference, which look at each element once'
  return { offset: loop.offset, wanted, found, hint }
}

function inMillions(steps: number): string {
  const millions = steps / 1_000_000
  return `${millions < 10 ? millions.toFixed(1).replace('.0', '') : String(Math.round(millions))} million`
}
