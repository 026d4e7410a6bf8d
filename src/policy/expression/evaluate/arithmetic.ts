import { Duration } from './duration.ts'
import { EvaluationFailure } from './evaluation-failure.ts'

const MAX_INT = 9_223_372_036_854_775_807n
const MIN_INT = -9_223_372_036_854_775_808n
const EARLIEST_MS = -62_135_596_800_000 // 0001-01-01T00:00:00Z
const LATEST_MS = 253_402_300_799_999 // 9999-12-31T23:59:59.999Z

export type Arithmetic = '+' | '-' | '*' | '/' | '%'

/** An int of 64 bits. @throws EvaluationFailure for what it cannot hold */
export function asInt(result: bigint): bigint {
  if (result > MAX_INT || result < MIN_INT) throw new EvaluationFailure('integer overflow')
  return result
}

/** A time that a CEL timestamp can hold. @throws EvaluationFailure for any other */
export function asTimestamp(milliseconds: number): Date {
  if (!(milliseconds >= EARLIEST_MS && milliseconds <= LATEST_MS)) throw new EvaluationFailure('a time out of range')
  return new Date(milliseconds)
}

const INTS: Readonly<Record<Arithmetic, (one: bigint, other: bigint) => bigint>> = {
  '+': (one, other) => asInt(one + other),
  '-': (one, other) => asInt(one - other),
  '*': (one, other) => asInt(one * other),
  '/': (one, other) => asInt(one / divisor(other)),
  '%': (one, other) => one % divisor(other),
}
const DOUBLES: Readonly<Partial<Record<Arithmetic, (one: number, other: number) => number>>> = {
  '+': (one, other) => one + other,
  '-': (one, other) => one - other,
  '*': (one, other) => one * other,
  '/': (one, other) => one / other,
}

function divisor(other: bigint): bigint {
  if (other === 0n) throw new EvaluationFailure('division by zero')
  return other
}

/** `one op other` for whatever types the two turn out to have. @throws EvaluationFailure where CEL has none for them */
export function calculate(op: Arithmetic, one: unknown, other: unknown): unknown {
  if (typeof one === 'bigint' && typeof other === 'bigint') return INTS[op](one, other)
  const doubles = DOUBLES[op]
  if (typeof one === 'number' && typeof other === 'number' && doubles !== undefined) return doubles(one, other)
  if (op === '+') return add(one, other)
  if (op === '-') return subtract(one, other)
  throw noOverload(op)
}

function add(one: unknown, other: unknown): unknown {
  if (typeof one === 'string' && typeof other === 'string') return one + other
  if (Array.isArray(one) && Array.isArray(other)) return [...(one as unknown[]), ...(other as unknown[])]
  if (one instanceof Duration && other instanceof Duration) return new Duration(one.nanoseconds + other.nanoseconds)
  if (one instanceof Date && other instanceof Duration) return asTimestamp(one.getTime() + other.milliseconds)
  if (one instanceof Duration && other instanceof Date) return asTimestamp(other.getTime() + one.milliseconds)
  throw noOverload('+')
}

function subtract(one: unknown, other: unknown): unknown {
  if (one instanceof Date && other instanceof Date)
    return new Duration(BigInt(one.getTime() - other.getTime()) * 1_000_000n)
  if (one instanceof Date && other instanceof Duration) return asTimestamp(one.getTime() - other.milliseconds)
  if (one instanceof Duration && other instanceof Duration) return new Duration(one.nanoseconds - other.nanoseconds)
  throw noOverload('-')
}

export function negate(value: unknown): unknown {
  if (typeof value === 'bigint') return asInt(-value)
  if (typeof value === 'number') return -value
  throw noOverload('-')
}

function noOverload(op: string): EvaluationFailure {
  return new EvaluationFailure(`no such overload of ${op}`)
}
