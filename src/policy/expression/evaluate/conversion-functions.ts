import { Optional } from '@marcbachmann/cel-js'
import { asInt } from './arithmetic.ts'
import { Duration } from './duration.ts'
import { isMap, keysOf, type ExpressionMap } from './equality.ts'
import { EvaluationFailure } from './evaluation-failure.ts'
import type { LanguageFunction } from './function-table.ts'
import { DURATION, TIMESTAMP } from './node-type.ts'
import { TypeName } from './typed-values.ts'

const same = (value: unknown): unknown => value
const DECIMAL_INT = /^[+-]?\d{1,19}$/
/** Each digit has one place in it: a pattern that may try two takes seconds for digits that fill a request. */
const DECIMAL_DOUBLE = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/
const UNBOUNDED = /^([+-]?)inf(?:inity)?$/i
const TRUE = new Set(['1', 't', 'true', 'TRUE', 'True'])
const FALSE = new Set(['0', 'f', 'false', 'FALSE', 'False'])

function toBool(text: string): boolean {
  if (!TRUE.has(text) && !FALSE.has(text)) throw new EvaluationFailure('bool() of another text')
  return TRUE.has(text)
}

function toInt(text: string): bigint {
  if (!DECIMAL_INT.test(text)) throw new EvaluationFailure('int() of another text')
  return asInt(BigInt(text.replace(/^\+/, '')))
}

/** Doubles beyond what an int can hold fail, as does 2^63 itself. */
function truncate(double: number): bigint {
  if (!(double > -(2 ** 63) && double < 2 ** 63)) throw new EvaluationFailure('integer overflow')
  return BigInt(Math.trunc(double))
}

function toDouble(text: string): number {
  if (DECIMAL_DOUBLE.test(text)) return Number(text)
  const sign = UNBOUNDED.exec(text)?.[1]
  if (sign !== undefined) return sign === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  if (/^nan$/i.test(text)) return Number.NaN
  throw new EvaluationFailure('double() of another text')
}

function writeDouble(double: number): string {
  if (Number.isFinite(double) || Number.isNaN(double)) return String(double)
  return double > 0 ? '+Inf' : '-Inf'
}

/** @throws EvaluationFailure for values whose types have no name that could be compared with */
export function typeNameOf(value: unknown): TypeName {
  return new TypeName(nameOf(value))
}

function nameOf(value: unknown): string {
  switch (typeof value) {
    case 'bigint':
      return 'int'
    case 'number':
      return 'double'
    case 'boolean':
      return 'bool'
    case 'string':
      return 'string'
    default:
      return nameOfObject(value)
  }
}

function nameOfObject(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'list'
  if (value instanceof Date) return TIMESTAMP
  if (value instanceof Duration) return DURATION
  if (value instanceof TypeName) return 'type'
  if (value instanceof Optional) return 'optional'
  if (typeof value === 'object' && isMap(value)) return 'map'
  throw new EvaluationFailure('type() of a value with declared fields')
}

const LOOKS_AT_NOTHING = { perCharacter: 0 } as const

export const CONVERSION_FUNCTIONS: readonly LanguageFunction[] = [
  { signature: 'dyn(dyn): dyn', handler: same, cost: LOOKS_AT_NOTHING },
  { signature: 'type(dyn): type', handler: typeNameOf, cost: LOOKS_AT_NOTHING },
  {
    signature: 'size(list): int',
    handler: (list: readonly unknown[]) => list.length,
    isSmall: true,
    cost: LOOKS_AT_NOTHING,
  },
  {
    signature: 'list.size(): int',
    handler: (list: readonly unknown[]) => list.length,
    isSmall: true,
    cost: LOOKS_AT_NOTHING,
  },
  { signature: 'size(map): int', handler: (map: ExpressionMap) => keysOf(map).length, isSmall: true },
  { signature: 'map.size(): int', handler: (map: ExpressionMap) => keysOf(map).length, isSmall: true },
  { signature: 'bool(bool): bool', handler: same },
  { signature: 'bool(string): bool', handler: toBool },
  { signature: 'int(int): int', handler: same },
  { signature: 'int(double): int', handler: truncate },
  { signature: 'int(string): int', handler: toInt },
  { signature: 'double(double): double', handler: same },
  { signature: 'double(int): double', handler: (int: bigint) => Number(int) },
  { signature: 'double(string): double', handler: toDouble },
  { signature: 'string(string): string', handler: same },
  { signature: 'string(bool): string', handler: (bool: boolean) => String(bool) },
  { signature: 'string(int): string', handler: (int: bigint) => int.toString() },
  { signature: 'string(double): string', handler: writeDouble },
]
