import { largerOf, SCALAR, sumOf, type Cost, type Size } from './size.ts'

/** Steps for each character of the texts that a function looks at, as measured on its worst texts. */
const STEPS_PER_CHARACTER: ReadonlyMap<string, number> = new Map([
  // RE2 in JavaScript.
  ['matches', 2],
  ['linearMatches', 2],
  ['scopes', 1],
  ['sortWords', 2],
  ['split', 1],
  ['size', 1 / 2],
])
const USUAL_STEPS_PER_CHARACTER = 1 / 16

/** These refuse longer texts at once. */
const CHARACTER_LIMITS: ReadonlyMap<string, number> = new Map([
  ...['isURL', 'url'].map((name) => [name, 2048] as const),
  ...['equal', 'equalInAnyOrder', 'isValid', 'usesOnlyRfc4514Names', 'values'].map((name) => [name, 2 * 4096] as const),
])

/** Whatever their texts hold, these make no use of it. */
const LOOKS_AT_NO_TEXT: ReadonlySet<string> = new Set([
  ...[
    '&&',
    '||',
    '!_',
    '-_',
    'has',
    'dyn',
    'type',
    'optional.of',
    'of',
    'none',
    'or',
    'orValue',
    'value',
    'hasValue',
    '[]',
    '[?]',
  ],
])
/** What they give is one of the operands, or as large as one. */
const GIVES_OPERAND: ReadonlySet<string> = new Set([
  ...['or', 'orValue', 'value', 'of', 'dyn', 'string', 'url', '[]', '[?]'],
  ...[
    'asciiLower',
    'asciiUpper',
    'sortWords',
    'trim',
    'substring',
    'difference',
    'getScheme',
    'getHostname',
    'getPort',
    'getEscapedPath',
  ],
])
/** Their lists have as many elements as the text has delimiters. */
const GIVES_PARTS: ReadonlySet<string> = new Set(['split', 'scopes', 'values'])

/** What an operator or a function costs, its operands included, and how large its result may be. */
export function functionCost(name: string, operands: readonly Cost[]): Cost {
  const before = operands.reduce((sum, operand) => sum + operand.steps, 1)
  const sizes = operands.map((operand) => operand.size)
  const size = resultSize(name, sizes)
  if (LOOKS_AT_NO_TEXT.has(name)) return { steps: before, size }
  const looked = name === '==' || name === '!=' ? smallerOf(sizes) : sizes.reduce(sumOf, { chars: 0, values: 0 })
  const perCharacter = STEPS_PER_CHARACTER.get(name) ?? USUAL_STEPS_PER_CHARACTER
  const chars = Math.min(looked.chars, CHARACTER_LIMITS.get(name) ?? Infinity)
  return {
    steps: before + looked.values + chars * perCharacter,
    size: { ...size, chars: Math.min(size.chars, CHARACTER_LIMITS.get(name) ?? Infinity) },
  }
}

function resultSize(name: string, sizes: readonly Size[]): Size {
  if (name === '+' || name === 'join') return sizes.reduce(sumOf, { chars: 0, values: 0, items: 0 })
  if (GIVES_OPERAND.has(name)) return sizes.length === 0 ? SCALAR : sizes.reduce(largerOf)
  if (!GIVES_PARTS.has(name)) return SCALAR
  const { chars } = sizes[0] ?? SCALAR
  const parts = Math.ceil(chars / 2) + 1
  return { chars, values: parts, items: parts }
}

/** Texts and lists of different length are not compared at all. */
function smallerOf(sizes: readonly Size[]): Size {
  return { chars: Math.min(...sizes.map(({ chars }) => chars)), values: Math.min(...sizes.map(({ values }) => values)) }
}
