import { TIMESTAMP } from './expression/evaluate/node-type.ts'
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts'
import type { Vocabulary } from './vocabulary.ts'

/** Type of a metadata member, a statement claim or a parameter, as a policy file declares it. */
export type MemberType =
  | { readonly kind: 'string' | 'bool' | 'int' | 'double' | 'timestamp' | 'dyn' }
  | { readonly kind: 'list'; readonly of: MemberType }
  | { readonly kind: 'map'; readonly of: MemberType }
  /**
   * A string, and a space-delimited string, of words. The words bind the author of the policy, not whoever sends the value: directories
   * write odd letter cases and new words, which a rule then does not find.
   */
  | { readonly kind: 'word' | 'words'; readonly vocabulary: Vocabulary }
  | ObjectType

/** An object with declared members; members nobody declared are dropped. */
export interface ObjectType {
  readonly kind: 'object'
  readonly name: string
  readonly fields: ReadonlyMap<string, MemberType>
}

export function writeMemberType(type: MemberType): string {
  switch (type.kind) {
    case 'list':
      return `list(${writeMemberType(type.of)})`
    case 'map':
      return `map(string, ${writeMemberType(type.of)})`
    case 'word':
      return type.vocabulary.name
    case 'words':
      return `words(${type.vocabulary.name})`
    case 'object':
      return type.name
    default:
      return type.kind
  }
}

/** The name the expression library has for the type. */
export function celTypeOf(type: MemberType): string {
  switch (type.kind) {
    case 'list':
      return `list<${celTypeOf(type.of)}>`
    case 'map':
      return `map<string, ${celTypeOf(type.of)}>`
    case 'timestamp':
      return TIMESTAMP
    case 'word':
    case 'words':
      return 'string'
    case 'object':
      return type.name
    default:
      return type.kind
  }
}

/** A value that does not have its declared type: where below the member, and the two types. */
export interface TypeMismatch {
  readonly at: string
  /** Both in the words of policy files. */
  readonly wanted: string
  readonly found: string
  readonly type: MemberType
}

/** The first place where `value` departs from `type`, or null; `at` is the path to start from, such as `redirect_uris`. */
export function findTypeMismatch(at: string, value: Json, type: MemberType): TypeMismatch | null {
  switch (type.kind) {
    case 'dyn':
      return null
    case 'list':
      return Array.isArray(value) ? mismatchInList(at, value, type.of) : mismatch(at, value, type)
    case 'map':
      return isJsonObject(value) ? mismatchInMap(at, value, type.of) : mismatch(at, value, type)
    case 'object':
      return isJsonObject(value) ? mismatchInObject(at, value, type.fields) : mismatch(at, value, type)
    default:
      return hasScalarType(value, isText(type) ? 'string' : type.kind) ? null : mismatch(at, value, type)
  }
}

function mismatch(at: string, value: Json, type: MemberType): TypeMismatch {
  return { at, wanted: writeMemberType(type), found: nameOfJsonType(value), type }
}

/** Paths are written only where they are needed: nearly all elements have their type. */
function mismatchInList(at: string, list: readonly Json[], type: MemberType): TypeMismatch | null {
  let index = 0
  for (const item of list) {
    const found = findTypeMismatch('', item, type)
    if (found !== null) return { ...found, at: `${at}[${index}]${found.at}` }
    index += 1
  }
  return null
}

function mismatchInMap(at: string, map: JsonObject, type: MemberType): TypeMismatch | null {
  for (const [name, item] of Object.entries(map)) {
    const found = findTypeMismatch('', item, type)
    if (found !== null) return { ...found, at: `${at}.${name}${found.at}` }
  }
  return null
}

/** Directories write null for what they have not. */
function mismatchInObject(at: string, value: JsonObject, fields: ObjectType['fields']): TypeMismatch | null {
  for (const [name, type] of fields) {
    const item = ownMember(value, name)
    const found = item === null ? null : findTypeMismatch('', item, type)
    if (found !== null) return { ...found, at: `${at}.${name}${found.at}` }
  }
  return null
}

function ownMember(value: JsonObject, name: string): Json {
  return Object.hasOwn(value, name) ? (value[name] ?? null) : null
}

export function isText(type: MemberType): type is Extract<MemberType, { readonly kind: 'word' | 'words' }> {
  return type.kind === 'word' || type.kind === 'words'
}

const MAX_NUMERIC_DATE = 253_402_300_799 // 9999-12-31T23:59:59Z, the last moment a CEL timestamp can hold

function hasScalarType(value: Json, kind: 'string' | 'bool' | 'int' | 'double' | 'timestamp'): boolean {
  switch (kind) {
    case 'string':
      return typeof value === 'string'
    case 'bool':
      return typeof value === 'boolean'
    case 'int':
      return Number.isSafeInteger(value)
    case 'double':
      return typeof value === 'number'
    case 'timestamp':
      return typeof value === 'number' && value >= 0 && value <= MAX_NUMERIC_DATE
  }
}

function nameOfJsonType(value: Json): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'list'
  if (typeof value === 'number') return Number.isSafeInteger(value) ? 'int' : 'double'
  return typeof value === 'object' ? 'map' : typeof value === 'boolean' ? 'bool' : 'string'
}
