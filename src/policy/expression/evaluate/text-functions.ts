import { EvaluationFailure } from './evaluation-failure.ts'
import type { LanguageFunction } from './function-table.ts'
import { findLastPart, findPart, splitText } from './search-text.ts'

/** Halves of characters beyond U+FFFF: where a text has any, its places are counted in characters, not in those. */
const SURROGATES = /[\ud800-\udfff]/

/** A text as its characters; itself where every character is one unit. */
function charactersOf(text: string): string | readonly string[] {
  return SURROGATES.test(text) ? Array.from(text) : text
}

/** White space of Unicode, which JavaScript knows a little differently (U+0085 and U+FEFF). */
const SPACE = String.raw`[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]`
const LEADING_SPACE = new RegExp(`^${SPACE}+`)

/** From the end by hand: a pattern that is anchored there would try every run of blanks within the text. */
function trim(text: string): string {
  const begun = text.replace(LEADING_SPACE, '')
  let end = begun.length
  while (end > 0 && LEADING_SPACE.test(begun[end - 1] ?? '')) end -= 1
  return begun.slice(0, end)
}

export function lengthOf(text: string): number {
  return charactersOf(text).length
}

function partOf(text: string, start: number, end: number): string {
  const characters = charactersOf(text)
  if (start < 0 || end < start || end > characters.length) throw new EvaluationFailure('a place outside of the text')
  const part = characters.slice(start, end)
  return typeof part === 'string' ? part : part.join('')
}

/** Places of JavaScript as places of the language. */
function placeOf(text: string, unit: number): number {
  return unit < 0 ? unit : lengthOf(text.slice(0, unit))
}

function indexOf(text: string, part: string, from: number): number {
  const length = lengthOf(text)
  if (part === '' && from === length) return from
  if (from < 0 || from >= Math.max(length, 1)) throw new EvaluationFailure('a place outside of the text')
  return placeOf(text, findPart(text, part, partOf(text, 0, from).length))
}

function lastIndexOf(text: string, part: string, from: number): number {
  const length = lengthOf(text)
  if (part === '' && from === length) return from
  if (from < 0 || from >= Math.max(length, 1)) throw new EvaluationFailure('a place outside of the text')
  return placeOf(text, findLastPart(text, part, partOf(text, 0, from).length))
}

function split(text: string, separator: string, limit: number): string[] {
  if (limit === 0) return []
  const parts = separator === '' ? Array.from(text) : splitText(text, separator)
  if (limit < 0 || parts.length <= limit) return parts
  const first = parts.slice(0, limit - 1)
  const taken = first.reduce((sum, part) => sum + part.length + separator.length, 0)
  return [...first, text.slice(taken)]
}

/** It looks at each character, or at each unit more than once. */
const COUNTS = { perCharacter: 1 / 2 } as const
/** It makes a list of the characters, once or twice. */
const TAKES_APART = { perCharacter: 1 } as const

export const TEXT_FUNCTIONS: readonly LanguageFunction[] = [
  { signature: 'size(string): int', handler: lengthOf, isSmall: true, cost: COUNTS },
  { signature: 'string.size(): int', handler: lengthOf, isSmall: true, cost: COUNTS },
  { signature: 'string.startsWith(string): bool', handler: (text: string, part: string) => text.startsWith(part) },
  { signature: 'string.endsWith(string): bool', handler: (text: string, part: string) => text.endsWith(part) },
  {
    signature: 'string.contains(string): bool',
    handler: (text: string, part: string) => findPart(text, part) >= 0,
    cost: COUNTS,
  },
  { signature: 'string.trim(): string', handler: trim, cost: COUNTS },
  {
    signature: 'string.indexOf(string): int',
    handler: (text: string, part: string) => placeOf(text, findPart(text, part)),
    isSmall: true,
    cost: TAKES_APART,
  },
  {
    signature: 'string.indexOf(string, int): int',
    handler: (text: string, part: string, from: bigint) => indexOf(text, part, Number(from)),
    isSmall: true,
    cost: TAKES_APART,
  },
  {
    signature: 'string.lastIndexOf(string): int',
    handler: (text: string, part: string) => placeOf(text, findLastPart(text, part)),
    isSmall: true,
    cost: TAKES_APART,
  },
  {
    signature: 'string.lastIndexOf(string, int): int',
    handler: (text: string, part: string, from: bigint) => lastIndexOf(text, part, Number(from)),
    isSmall: true,
    cost: TAKES_APART,
  },
  {
    signature: 'string.substring(int): string',
    handler: (text: string, start: bigint) => partOf(text, Number(start), lengthOf(text)),
    cost: TAKES_APART,
  },
  {
    signature: 'string.substring(int, int): string',
    handler: (text: string, start: bigint, end: bigint) => partOf(text, Number(start), Number(end)),
    cost: TAKES_APART,
  },
  {
    signature: 'string.split(string): list<string>',
    handler: (text: string, separator: string) => split(text, separator, -1),
    cost: TAKES_APART,
    gives: 'parts',
  },
  {
    signature: 'string.split(string, int): list<string>',
    handler: (text: string, separator: string, limit: bigint) => split(text, separator, Number(limit)),
    cost: TAKES_APART,
    gives: 'parts',
  },
  { signature: 'list<string>.join(): string', handler: (texts: readonly string[]) => texts.join(''), gives: 'joined' },
  {
    signature: 'list<string>.join(string): string',
    handler: (texts: readonly string[], separator: string) => texts.join(separator),
    gives: 'joined',
  },
]
