import type { Json, JsonObject } from '../model/json.ts'
import { isJsonObject } from '../model/json.ts'

/** Type of a metadata member, a statement claim or a parameter, as a policy file declares it. */
export type MemberType =
  | { readonly kind: 'string' | 'bool' | 'int' | 'double' | 'timestamp' | 'dyn' }
  | { readonly kind: 'list'; readonly of: MemberType }
  | { readonly kind: 'map'; readonly of: MemberType }

const SCALARS = ['string', 'bool', 'int', 'double', 'timestamp', 'dyn'] as const
const LIST = /^list\((.+)\)$/
const MAP = /^map\(string, ?(.+)\)$/

/** Reads `string`, `list(string)`, `map(string, list(int))` and so on; null when the text names no type. */
export function parseMemberType(text: string): MemberType | null {
  const scalar = SCALARS.find((kind) => kind === text)
  if (scalar !== undefined) return { kind: scalar }
  const list = LIST.exec(text)?.[1]
  if (list !== undefined) return wrap('list', parseMemberType(list))
  const map = MAP.exec(text)?.[1]
  return map === undefined ? null : wrap('map', parseMemberType(map))
}

function wrap(kind: 'list' | 'map', of: MemberType | null): MemberType | null {
  return of === null ? null : { kind, of }
}

export function writeMemberType(type: MemberType): string {
  if (type.kind === 'list') return `list(${writeMemberType(type.of)})`
  if (type.kind === 'map') return `map(string, ${writeMemberType(type.of)})`
  return type.kind
}

/** The name the expression library has for the type. */
export function celTypeOf(type: MemberType): string {
  if (type.kind === 'list') return `list<${celTypeOf(type.of)}>`
  if (type.kind === 'map') return `map<string, ${celTypeOf(type.of)}>`
  return type.kind === 'timestamp' ? 'google.protobuf.Timestamp' : type.kind
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
    default:
      return hasScalarType(value, type.kind) ? null : mismatch(at, value, type)
  }
}

function mismatch(at: string, value: Json, type: MemberType): TypeMismatch {
  return { at, wanted: writeMemberType(type), found: nameOfJsonType(value), type }
}

/** Paths are written only where they are needed: nearly all elements have their type. */
function mismatchInList(at: string, list: readonly Json[], type: MemberType): TypeMismatch | null {
  for (const [index, item] of list.entries()) {
    const found = findTypeMismatch('', item, type)
    if (found !== null) return { ...found, at: `${at}[${index}]${found.at}` }
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

/** A value as expressions see it: whole numbers are `int` (BigInt), NumericDates are timestamps. The type must have been checked. */
export function toExpressionValue(value: Json, type: MemberType): unknown {
  switch (type.kind) {
    case 'timestamp':
      return new Date(Number(value) * 1000)
    case 'int':
      return BigInt(Number(value))
    case 'list':
      return isSame(type.of) ? value : (value as readonly Json[]).map((item) => toExpressionValue(item, type.of))
    case 'map':
      return mapValues(value, (item) => toExpressionValue(item, type.of))
    case 'dyn':
      return dynamicValue(value)
    default:
      return value
  }
}

/** Types whose values expressions see as JSON has them. */
function isSame({ kind }: MemberType): boolean {
  return kind === 'string' || kind === 'bool' || kind === 'double'
}

function dynamicValue(value: Json): unknown {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value
  if (Array.isArray(value)) return (value as readonly Json[]).map(dynamicValue)
  return isJsonObject(value) ? mapValues(value, dynamicValue) : value
}

function mapValues(value: Json, change: (item: Json) => unknown): unknown {
  return isJsonObject(value)
    ? Object.fromEntries(Object.entries(value).map(([name, item]) => [name, change(item)]))
    : value
}
