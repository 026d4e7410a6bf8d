import { Duration } from './duration.ts'
import { EvaluationFailure } from './evaluation-failure.ts'

export type Ordering = '<' | '<=' | '>' | '>='

/** Below zero, zero or above, as the first value comes before the second; NaN where neither does. @throws EvaluationFailure for values that have no order */
export function order(one: unknown, other: unknown): number {
  if (isNumber(one) && isNumber(other)) return orderNumbers(one, other)
  if (typeof one === 'string' && typeof other === 'string') return orderTexts(one, other)
  if (typeof one === 'boolean' && typeof other === 'boolean') return Number(one) - Number(other)
  if (one instanceof Date && other instanceof Date) return one.getTime() - other.getTime()
  if (one instanceof Duration && other instanceof Duration) return Number(one.nanoseconds - other.nanoseconds)
  throw new EvaluationFailure('values that have no order')
}

export function isNumber(value: unknown): value is bigint | number {
  return typeof value === 'bigint' || typeof value === 'number'
}

/** An int beside a double counts as the double next to it, as the conformance tests of CEL want it. */
function orderNumbers(one: bigint | number, other: bigint | number): number {
  if (typeof one !== typeof other) return orderNumbers(Number(one), Number(other))
  if (one < other) return -1
  if (one > other) return 1
  return one === other ? 0 : Number.NaN
}

/** By code points; JavaScript compares halves of those beyond U+FFFF, which would come before U+E000. */
function orderTexts(one: string, other: string): number {
  if (one === other) return 0
  let index = 0
  while (index < one.length && one.charCodeAt(index) === other.charCodeAt(index)) index += 1
  return codeRank(one, index) - codeRank(other, index)
}

function codeRank(text: string, index: number): number {
  if (index >= text.length) return -1
  const code = text.charCodeAt(index)
  return code >= 0xd800 && code <= 0xdfff ? code + 0x10000 : code
}
