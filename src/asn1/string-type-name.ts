import { TAG } from './tags.ts'

const STRING_TYPES = [
  'utf8String',
  'numericString',
  'printableString',
  'teletexString',
  'ia5String',
  'visibleString',
  'universalString',
  'bmpString',
] as const satisfies readonly (keyof typeof TAG)[]

/** `other` stands for every type that is no string. */
export type StringTypeName = (typeof STRING_TYPES)[number] | 'other'

/** Name of a string type (X.680 section 41) by its universal tag number. */
export function stringTypeName(tag: number): StringTypeName {
  return STRING_TYPES.find((name) => TAG[name] === tag) ?? 'other'
}

/** Every name that a string type may have here. */
export const STRING_TYPE_NAMES: readonly StringTypeName[] = [...STRING_TYPES, 'other']
