import type { MemberType } from '../member-type.ts'

/** A declared type as somebody who sends JSON knows it: `a JSON array of strings` for `list(string)`. */
export function describeJsonType(type: MemberType): string {
  const { kind } = type
  if (kind === 'list') return `a JSON array${type.of.kind === 'dyn' ? '' : ` of ${manyOf(type.of)}`}`
  if (kind === 'map') return `a JSON object${type.of.kind === 'dyn' ? '' : ` whose values are ${manyOf(type.of)}`}`
  if (kind === 'object') return 'a JSON object'
  return SCALARS[kind][0]
}

/** The same of a value that was found. */
export function describeJsonKind(kind: string): string {
  return KINDS[kind] ?? kind
}

const SCALARS = {
  string: ['a JSON string', 'strings'],
  word: ['a JSON string', 'strings'],
  words: ['a JSON string', 'strings'],
  bool: ['true or false, without quotes', 'true or false'],
  int: ['a whole number, without quotes', 'whole numbers'],
  double: ['a number, without quotes', 'numbers'],
  timestamp: ['a number of seconds since 1970-01-01T00:00:00Z', 'numbers of seconds since 1970-01-01T00:00:00Z'],
  dyn: ['any JSON value', 'any JSON values'],
} as const

const KINDS: Readonly<Record<string, string>> = {
  string: 'a string',
  bool: 'true or false',
  int: 'a whole number',
  double: 'a number',
  list: 'an array',
  map: 'an object',
}

function manyOf(type: MemberType): string {
  if (type.kind === 'list') return type.of.kind === 'dyn' ? 'arrays' : `arrays of ${manyOf(type.of)}`
  if (type.kind === 'map') return type.of.kind === 'dyn' ? 'objects' : `objects whose values are ${manyOf(type.of)}`
  if (type.kind === 'object') return 'objects'
  return SCALARS[type.kind][1]
}
