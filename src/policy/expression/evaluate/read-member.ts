import { Optional } from '@marcbachmann/cel-js'
import { isMap, lookUp } from './equality.ts'
import { TypedObject } from '../../typed-object.ts'
import { Fields } from './typed-values.ts'

/**
 * What a value has under a key, undefined when it has nothing: members of maps and fields of declared types, elements of lists. Own
 * properties only, so that nothing of JavaScript (`constructor`, `__proto__`, `length`) can be reached by a name that a registrant sent.
 */
export function readMember(owner: unknown, key: unknown): unknown {
  if (typeof owner !== 'object' || owner === null) return undefined
  if (Array.isArray(owner)) return elementAt(owner, key)
  if (owner instanceof Fields) return typeof key === 'string' ? owner.read(key) : undefined
  if (isMap(owner)) return lookUp(owner, key)
  if (!(owner instanceof TypedObject) || typeof key !== 'string' || !Object.hasOwn(owner, key)) return undefined
  return (owner as Readonly<Record<string, unknown>>)[key]
}

export function elementAt(list: readonly unknown[], key: unknown): unknown {
  const index = typeof key === 'bigint' ? Number(key) : key
  return typeof index === 'number' && Number.isInteger(index) && index >= 0 ? list[index] : undefined
}

/** What an optional holds, undefined when nothing; other values are taken as they are. */
export function opened(value: unknown): unknown {
  return value instanceof Optional ? (value.orValue(undefined) as unknown) : value
}

const NONE = Optional.none()

export function toOptional(value: unknown): Optional {
  return value === undefined ? NONE : Optional.of(value)
}
