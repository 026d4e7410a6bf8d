import type { Gives, Priced } from '../expression/call-cost.ts'
import { largerOf, SCALAR, sumOf, type Cost, type Size } from './size.ts'

const USUAL_STEPS_PER_CHARACTER = 1 / 16

/** It makes no use of what its values hold. */
const LOOKS_AT_NOTHING: Priced = { cost: { perCharacter: 0 } }
const PASSES_ONE_ON: Priced = { cost: { perCharacter: 0 }, gives: 'one' }

/** Operators, and methods of optionals: what an expression has besides functions. All others look at their values as functions do. */
const OPERATORS: ReadonlyMap<string, Priced> = new Map([
  ...['&&', '||', '!_', '-_', 'none', 'hasValue'].map((name) => [name, LOOKS_AT_NOTHING] as const),
  ...['[]', '[?]', 'of', 'or', 'orValue', 'value'].map((name) => [name, PASSES_ONE_ON] as const),
])

/** What an operator costs, its operands included, and how large its result may be, where its type does not tell. */
export function operatorCost(name: string, operands: readonly Cost[]): Cost {
  const isComparison = name === '==' || name === '!='
  return priceOf(OPERATORS.get(name) ?? {}, operands, isComparison ? smallerOf : togetherOf)
}

/** The same for a function, as its table has it. */
export function functionCost(priced: Priced, operands: readonly Cost[]): Cost {
  return priceOf(priced, operands, priced.gives === 'joined' ? joinedOf : togetherOf)
}

function priceOf(priced: Priced, operands: readonly Cost[], lookedAt: typeof togetherOf): Cost {
  const { perCall = 1, perCharacter = USUAL_STEPS_PER_CHARACTER, characterLimit = Infinity } = priced.cost ?? {}
  const steps = operands.reduce((sum, operand) => sum + operand.steps, perCall)
  const sizes = operands.map(({ size }) => size)
  const size = givenSize(priced, sizes, characterLimit)
  if (perCharacter === 0) return { steps, size }
  const { chars, values } = lookedAt(sizes)
  return { steps: steps + values + Math.min(chars, characterLimit) * perCharacter, size }
}

function givenSize({ gives = 'all', elementLimit }: Priced, sizes: readonly Size[], characterLimit: number): Size {
  const given = SIZE_GIVEN[gives](sizes)
  const size = { ...given, chars: Math.min(given.chars, characterLimit) }
  return elementLimit === undefined ? size : { ...size, values: elementLimit, items: elementLimit }
}

const SIZE_GIVEN: Readonly<Record<Gives, (sizes: readonly Size[]) => Size>> = {
  all: togetherOf,
  one: (sizes) => (sizes.length === 0 ? SCALAR : sizes.reduce(largerOf)),
  words: (sizes) => cut(sizes, (chars) => Math.ceil(chars / 2) + 1),
  parts: (sizes) => cut(sizes, (chars) => chars + 1),
  joined: joinedOf,
}

function togetherOf(sizes: readonly Size[]): Size {
  return sizes.reduce(sumOf, { chars: 0, values: 0, items: 0 })
}

/** Texts and lists of different length are not compared at all. */
function smallerOf(sizes: readonly Size[]): Size {
  return { chars: Math.min(...sizes.map(({ chars }) => chars)), values: Math.min(...sizes.map(({ values }) => values)) }
}

function cut(sizes: readonly Size[], count: (chars: number) => number): Size {
  const { chars } = togetherOf(sizes)
  const items = count(chars)
  return { chars, values: items, items }
}

/** The separator stands there once for each element. */
function joinedOf([list = SCALAR, separator]: readonly Size[]): Size {
  const items = list.items ?? list.values
  return { chars: list.chars + items * (separator?.chars ?? 0), values: list.values }
}
