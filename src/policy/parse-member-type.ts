import type { MemberType, ObjectType } from './member-type.ts'
import type { Vocabulary } from './vocabulary.ts'

/** Types and vocabularies that a policy declares, its inheritance resolved. */
export interface KnownTypes {
  readonly vocabularies: ReadonlyMap<string, Vocabulary>
  readonly objects: ReadonlyMap<string, ObjectType>
}

export const NO_TYPES: KnownTypes = { vocabularies: new Map(), objects: new Map() }

export const SCALARS = ['string', 'bool', 'int', 'double', 'timestamp', 'dyn'] as const
const LIST = /^list\((.+)\)$/
const MAP = /^map\(string, ?(.+)\)$/
const WORDS = /^words\((.+)\)$/
const NAME = /^[A-Za-z][A-Za-z0-9_]{0,63}$/
/** Nobody's data nests so deep, and every level is a level of recursion. */
const DEPTH_LIMIT = 16

/** Reads `string`, `list(string)`, `map(string, list(int))`, `words(scope)`, `Authorisation` and so on; null when the text names no type. */
export function parseMemberType(text: string, known: KnownTypes = NO_TYPES, depth = 0): MemberType | null {
  const scalar = SCALARS.find((kind) => kind === text)
  if (scalar !== undefined) return { kind: scalar }
  if (depth > DEPTH_LIMIT) return null
  const list = LIST.exec(text)?.[1]
  if (list !== undefined) return wrap('list', parseMemberType(list, known, depth + 1))
  const map = MAP.exec(text)?.[1]
  if (map !== undefined) return wrap('map', parseMemberType(map, known, depth + 1))
  const words = WORDS.exec(text)?.[1]
  const vocabulary = known.vocabularies.get(words ?? text)
  if (vocabulary !== undefined) return { kind: words === undefined ? 'word' : 'words', vocabulary }
  return known.objects.get(text) ?? null
}

function wrap(kind: 'list' | 'map', of: MemberType | null): MemberType | null {
  return of === null ? null : { kind, of }
}

/** The name within `list(...)`, `map(...)` and `words(...)`; null when the text has not the form of a type. */
export function innermostName(text: string, depth = 0): string | null {
  if (NAME.test(text)) return text
  const inner = (LIST.exec(text) ?? MAP.exec(text))?.[1]
  const words = WORDS.exec(text)?.[1]
  if (words !== undefined) return NAME.test(words) ? words : null
  return inner === undefined || depth > DEPTH_LIMIT ? null : innermostName(inner, depth + 1)
}
