import { isJsonObject, type Json } from '../../model/json.ts'
import { make, type FieldsOf } from '../expression/fact-values.ts'
import { FIXED_TYPES } from '../expression/facts.ts'
import { findJsonMismatch, findLongList } from '../judge/check-members.ts'
import { describeJsonType } from '../judge/describe-json-type.ts'
import { toExpressionValue } from '../expression/evaluate/json-fields.ts'
import { celTypeOf, type MemberType } from '../member-type.ts'
import { parseMemberType, type KnownTypes } from '../parse-member-type.ts'

/** What a fetched document is: a JWK Set, or JSON of a declared type. */
export type LookupType = 'jwks' | MemberType

export function parseLookupType(text: string, known: KnownTypes): LookupType | null {
  return text === 'jwks' ? text : parseMemberType(text, known)
}

export function celTypeOfLookup(type: LookupType): string {
  return type === 'jwks' ? 'list<Key>' : celTypeOf(type)
}

/** For whoever publishes the document. */
export function describeLookupType(type: LookupType): string {
  return type === 'jwks' ? 'a JWK Set (RFC 7517 section 5)' : describeJsonType(type)
}

/** Facts of a key that expressions see; all of them texts. */
const KEY_FACTS: readonly string[] = Object.keys(FIXED_TYPES.Key)

/** Why a value is not of the type of its look-up, in words for those who sent or wrote it; null when it is. Keys are lists of their facts. */
export function findLookupProblem(at: string, value: Json, type: LookupType): { wanted: string; found: string } | null {
  const mismatch = type === 'jwks' ? findForeignKey(at, value) : findPlacedMismatch(at, value, type)
  return mismatch ?? findLongList(at, value)
}

function findPlacedMismatch(at: string, value: Json, type: MemberType): { wanted: string; found: string } | null {
  const mismatch = findJsonMismatch(at, value, type)
  return mismatch === null ? null : { wanted: mismatch.wanted, found: `${mismatch.found} at ${mismatch.at}` }
}

function findForeignKey(at: string, value: Json): { wanted: string; found: string } | null {
  const wanted = `a list of keys, each with texts of ${KEY_FACTS.join(', ')}`
  if (!Array.isArray(value)) return { wanted, found: 'something else' }
  const foreign = (value as readonly Json[]).findIndex((key) => !isKey(key))
  return foreign < 0 ? null : { wanted, found: `something else at ${at}[${foreign}]` }
}

function isKey(key: Json): boolean {
  return (
    isJsonObject(key) &&
    Object.entries(key).every(([name, value]) => KEY_FACTS.includes(name) && typeof value === 'string')
  )
}

/** The value as expressions see it; its type must have been checked. */
export function lookupValue(value: Json, type: LookupType): unknown {
  if (type !== 'jwks') return toExpressionValue(value, type)
  return Array.isArray(value)
    ? (value as readonly Json[]).filter(isJsonObject).map((key) => make.key(key as FieldsOf<'Key'>))
    : []
}
