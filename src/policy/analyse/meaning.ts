import type { MemberType } from '../member-type.ts'
import type { Vocabulary } from '../vocabulary.ts'

/** A text or whole number that stands in an expression, `offset` characters from its start. */
export interface Literal {
  readonly value: string | bigint
  readonly offset: number
}

/** What is known of a value beyond its type: above all, of which vocabulary its texts are. */
export type Meaning =
  | { readonly kind: 'unknown' }
  /** No value at all, such as an element of `[]`. */
  | { readonly kind: 'nothing' }
  | TextMeaning
  | { readonly kind: 'list' | 'optional'; readonly of: Meaning }
  | { readonly kind: 'map'; readonly keys: Meaning; readonly of: Meaning }
  /** A type with declared fields, by its name. */
  | { readonly kind: 'object'; readonly type: string }

/** One of the literals, a word of the vocabulary or, where it is `open`, anything else. */
export interface TextMeaning {
  readonly kind: 'text'
  readonly vocabulary: Vocabulary | null
  /** A space-delimited text of words rather than one word. */
  readonly delimited: boolean
  readonly open: boolean
  readonly literals: readonly Literal[]
}

export const UNKNOWN: Meaning = { kind: 'unknown' }
export const NOTHING: Meaning = { kind: 'nothing' }
const ANY_TEXT: TextMeaning = { kind: 'text', vocabulary: null, delimited: false, open: true, literals: [] }

export function literalMeaning(literal: Literal): Meaning {
  return { ...ANY_TEXT, open: false, literals: [literal] }
}

export function wordMeaning(vocabulary: Vocabulary, delimited = false): Meaning {
  return { kind: 'text', vocabulary, delimited, open: false, literals: [] }
}

export function meaningOfMember(type: MemberType): Meaning {
  switch (type.kind) {
    case 'word':
      return wordMeaning(type.vocabulary)
    case 'words':
      return wordMeaning(type.vocabulary, true)
    case 'list':
      return { kind: 'list', of: meaningOfMember(type.of) }
    case 'map':
      return { kind: 'map', keys: UNKNOWN, of: meaningOfMember(type.of) }
    case 'object':
      return { kind: 'object', type: type.name }
    default:
      return UNKNOWN
  }
}

const CONTAINER = /^(list|optional)<(.*)>$/
const MAP = /^map<string, (.*)>$/

/** What variables make of each other may grow without end: deeper than this, and beyond so many literals, nothing is known. */
const DEPTH_LIMIT = 16
const LITERAL_LIMIT = 1000

/** What the type alone tells, in the words of the expression library. */
export function meaningOfType(type: string, depth = 0): Meaning {
  if (depth > DEPTH_LIMIT) return UNKNOWN
  const [, container, inner] = CONTAINER.exec(type) ?? []
  if (inner !== undefined)
    return { kind: container === 'list' ? 'list' : 'optional', of: meaningOfType(inner, depth + 1) }
  const item = MAP.exec(type)?.[1]
  if (item !== undefined) return { kind: 'map', keys: UNKNOWN, of: meaningOfType(item, depth + 1) }
  return /^[A-Z]\w+$/.test(type) ? { kind: 'object', type } : UNKNOWN
}

/** What is known of a value that is one or the other. */
export function join(left: Meaning, right: Meaning): Meaning {
  if (left.kind === 'nothing') return right
  if (right.kind === 'nothing') return left
  if (left.kind === 'text' || right.kind === 'text') return joinTexts(asText(left), asText(right))
  if (left.kind === 'object' && right.kind === 'object') return left.type === right.type ? left : UNKNOWN
  if (left.kind === 'map' && right.kind === 'map')
    return { kind: 'map', keys: join(left.keys, right.keys), of: join(left.of, right.of) }
  if (left.kind === 'list' && right.kind === 'list') return { kind: 'list', of: join(left.of, right.of) }
  if (left.kind === 'optional' && right.kind === 'optional') return { kind: 'optional', of: join(left.of, right.of) }
  return UNKNOWN
}

function asText(meaning: Meaning): TextMeaning {
  return meaning.kind === 'text' ? meaning : ANY_TEXT
}

function joinTexts(left: TextMeaning, right: TextMeaning): Meaning {
  const literals = [...left.literals, ...right.literals]
  const vocabulary = left.vocabulary ?? right.vocabulary
  const { delimited } = left.vocabulary === null ? right : left
  const differ =
    left.vocabulary !== null &&
    right.vocabulary !== null &&
    (left.vocabulary !== right.vocabulary || left.delimited !== right.delimited)
  if (literals.length > LITERAL_LIMIT) return ANY_TEXT
  if (differ) return { ...ANY_TEXT, literals }
  return { kind: 'text', vocabulary, delimited, open: left.open || right.open, literals }
}

/** The same with its literals at one place: a variable is used elsewhere than it is written. */
export function relocate(meaning: Meaning, offset: number, depth = 0): Meaning {
  if (depth > DEPTH_LIMIT) return UNKNOWN
  const inner = (part: Meaning): Meaning => relocate(part, offset, depth + 1)
  switch (meaning.kind) {
    case 'text':
      if (meaning.literals.length === 0) return meaning
      return {
        ...meaning,
        literals: [...new Set(meaning.literals.map(({ value }) => value))].map((value) => ({ value, offset })),
      }
    case 'list':
    case 'optional':
      return { kind: meaning.kind, of: inner(meaning.of) }
    case 'map':
      return { kind: 'map', keys: inner(meaning.keys), of: inner(meaning.of) }
    default:
      return meaning
  }
}
