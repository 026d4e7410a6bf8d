import { Optional } from '@marcbachmann/cel-js'
import { Duration } from './duration.ts'
import { DeclaredObject } from './json-fields.ts'
import { isNumber, order } from './ordering.ts'
import { isPlainMap, TypeName } from './typed-values.ts'

/** CEL equality: numbers of all types on one line, lists and maps by what they hold, values of different types unequal. */
export function areEqual(one: unknown, other: unknown): boolean {
  if (one === other) return true
  switch (typeof one) {
    case 'bigint':
    case 'number':
      return isNumber(other) && order(one, other) === 0
    case 'object':
      return one !== null && typeof other === 'object' && other !== null && areObjectsEqual(one, other)
    default:
      return false
  }
}

function areObjectsEqual(one: object, other: object): boolean {
  if (Array.isArray(one)) return Array.isArray(other) && areListsEqual(one, other)
  if (one instanceof Date) return other instanceof Date && one.getTime() === other.getTime()
  if (one instanceof Duration) return other instanceof Duration && one.nanoseconds === other.nanoseconds
  if (one instanceof TypeName) return other instanceof TypeName && one.text === other.text
  if (one instanceof Optional)
    return other instanceof Optional && areEqual(one.orValue(undefined), other.orValue(undefined))
  if (one instanceof DeclaredObject) return other instanceof DeclaredObject && areFieldsEqual(one, other)
  return isMap(one) && isMap(other) && areMapsEqual(one, other)
}

/** The type checker lets only lists and maps of such values be compared, and `in` look for one. */
function areFieldsEqual(one: DeclaredObject, other: DeclaredObject): boolean {
  return one.type === other.type && areMapsEqual(one.toMap(), other.toMap())
}

function areListsEqual(one: readonly unknown[], other: readonly unknown[]): boolean {
  if (one.length !== other.length) return false
  for (let index = 0; index < one.length; index += 1) if (!areEqual(one[index], other[index])) return false
  return true
}

/** Maps of expressions: plain objects where all keys are texts, as in JSON, and a Map of whatever else keys may be. */
export type ExpressionMap = Readonly<Record<string, unknown>> | ReadonlyMap<unknown, unknown>

export function isMap(value: object): value is ExpressionMap {
  return value instanceof Map || isPlainMap(value)
}

function areMapsEqual(one: ExpressionMap, other: ExpressionMap): boolean {
  const keys = keysOf(one)
  if (keys.length !== keysOf(other).length) return false
  for (const key of keys) {
    const value = lookUp(other, key)
    if (value === undefined || !areEqual(lookUp(one, key), value)) return false
  }
  return true
}

export function keysOf(map: ExpressionMap): readonly unknown[] {
  return map instanceof Map ? [...(map as ReadonlyMap<unknown, unknown>).keys()] : Object.keys(map)
}

/** What stands behind a key, undefined when nothing does. Own properties only: `constructor` is a key like others. */
export function lookUp(map: ExpressionMap, key: unknown): unknown {
  if (map instanceof Map) return (map as ReadonlyMap<unknown, unknown>).get(mapKey(key))
  if (typeof key !== 'string' || !Object.hasOwn(map, key)) return undefined
  return (map as Readonly<Record<string, unknown>>)[key]
}

/** Numbers that are equal are the same key. */
export function mapKey(key: unknown): unknown {
  return typeof key === 'number' && Number.isSafeInteger(key) ? BigInt(key) : key
}

/** Whether a list holds an equal of the value. */
export function isElement(value: unknown, list: readonly unknown[]): boolean {
  if (typeof value === 'string') return list.includes(value)
  for (const item of list) if (areEqual(value, item)) return true
  return false
}
