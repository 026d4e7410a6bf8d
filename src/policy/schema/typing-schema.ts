import { z } from 'zod'
import { SCALARS } from '../parse-member-type.ts'
import { line, memberName, memberType } from './values.ts'

const TAKEN: readonly string[] = [...SCALARS, 'list', 'map', 'words']

const vocabularyName = z
  .string()
  .regex(
    /^[a-z][A-Za-z0-9_]{0,63}$/,
    'the name of a vocabulary: letters, digits and underscores, the first in lower case',
  )
  .refine((name) => !TAKEN.includes(name), 'a name that no type has')

/** The expression library takes no name of one letter. */
const typeName = z
  .string()
  .regex(
    /^[A-Z][A-Za-z0-9_]{1,63}$/,
    'the name of a type: at least two letters, digits and underscores, the first in upper case',
  )

const word = line.regex(/^[^ ]+$/, 'a word without spaces')

export const vocabularies = z
  .record(vocabularyName, z.array(word).min(1).max(500))
  .describe('closed lists of words; what an expression compares with something of that type must be one of them')

export const types = z
  .record(typeName, z.record(memberName, memberType))
  .describe('objects with declared members; members that are not declared are dropped')
