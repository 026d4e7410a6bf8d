import { Optional } from '@marcbachmann/cel-js'
import { Duration } from './duration.ts'
import { isMap } from './equality.ts'
import { DURATION, TIMESTAMP, type NodeType } from './node-type.ts'
import { RECEIVERS } from '../functions.ts'
import { TypeName } from './typed-values.ts'

export type Guard = (value: unknown) => boolean

/** By the words of the expression library. */
const GUARDS: Readonly<Record<string, Guard>> = {
  string: (value) => typeof value === 'string',
  int: (value) => typeof value === 'bigint',
  double: (value) => typeof value === 'number',
  bool: (value) => typeof value === 'boolean',
  null: (value) => value === null,
  type: (value) => value instanceof TypeName,
  [TIMESTAMP]: (value) => value instanceof Date,
  [DURATION]: (value) => value instanceof Duration,
}
const isList: Guard = (value) => Array.isArray(value)
const isExpressionMap: Guard = (value) => typeof value === 'object' && value !== null && isMap(value)
/** What every value of a declared type is. */
export const isObject: Guard = (value) => typeof value === 'object' && value !== null
const isOptional: Guard = (value) => value instanceof Optional
const isPresent: Guard = (value) => value !== undefined

/** Holds a value against its declared type, no deeper than its outermost part: members and claims were checked before any rule runs. */
export function guardOf({ kind, name }: NodeType): Guard {
  if (kind === 'list') return isList
  if (kind === 'map') return isExpressionMap
  if (kind === 'optional') return isOptional
  if (Object.hasOwn(GUARDS, name)) return GUARDS[name] ?? isPresent
  return kind === 'message' ? isObject : isPresent
}

const LIST_OF = /^list<(.+)>$/

/** The same for a parameter of a function, whose type is given by name; elements of a list of texts are all looked at. */
export function guardOfParameter(name: string): Guard {
  if (name === 'list') return isList
  if (name === 'map') return isExpressionMap
  if (name === 'dyn') return isPresent
  const element = LIST_OF.exec(name)?.[1]
  if (element === undefined) return GUARDS[name] ?? ((value) => isReceiver(name, value))
  const guard = guardOfParameter(element)
  return (value) => Array.isArray(value) && value.every(guard)
}

function isReceiver(name: string, value: unknown): boolean {
  const receiver = RECEIVERS[name]
  return receiver !== undefined && value instanceof receiver
}
