import { EvaluationFailure } from './evaluation-failure.ts'

const NANOSECONDS: Readonly<Record<string, bigint>> = {
  h: 3_600_000_000_000n,
  m: 60_000_000_000n,
  s: 1_000_000_000n,
  ms: 1_000_000n,
  us: 1000n,
  µs: 1000n,
  ns: 1n,
}
const PART = /(\d{1,19}(?:\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)/y
/** What 64 bits can hold, about 292 years, as the conformance tests of CEL want it. */
const LIMIT_NANOSECONDS = 2n ** 63n - 1n
/** No sensible duration is as long; each part and each digit of a whole request would be added up. */
export const DURATION_TEXT_LIMIT = 256
/** Digits of a fraction that count, down to nanoseconds of an hour. */
const FRACTION_DIGITS = 13

/** A span of time, to the nanosecond. */
export class Duration {
  readonly nanoseconds: bigint
  /** Rounded down, for times, which are known to the millisecond. */
  readonly milliseconds: number

  /** @throws EvaluationFailure beyond the limits of a duration */
  constructor(nanoseconds: bigint) {
    if (nanoseconds > LIMIT_NANOSECONDS || nanoseconds < -LIMIT_NANOSECONDS)
      throw new EvaluationFailure('a duration out of range')
    this.nanoseconds = nanoseconds
    this.milliseconds = Math.floor(Number(nanoseconds) / 1e6)
  }
}

/** Reads `1h30m`, `-1.5s` and so on. @throws EvaluationFailure */
export function parseDuration(text: string): Duration {
  if (text.length > DURATION_TEXT_LIMIT)
    throw new EvaluationFailure(`a duration of more than ${DURATION_TEXT_LIMIT} characters`)
  const isNegative = text.startsWith('-')
  const unsigned = isNegative || text.startsWith('+') ? text.slice(1) : text
  if (unsigned === '0') return new Duration(0n)
  let nanoseconds = 0n
  PART.lastIndex = 0
  do {
    const [, count = '', unit = ''] = PART.exec(unsigned) ?? []
    if (unit === '') throw new EvaluationFailure(`no duration: ${text.slice(0, 40)}`)
    nanoseconds += partOf(count, NANOSECONDS[unit] ?? 0n)
  } while (PART.lastIndex < unsigned.length)
  return new Duration(isNegative ? -nanoseconds : nanoseconds)
}

function partOf(count: string, unit: bigint): bigint {
  const [whole = '', fraction = ''] = count.split('.')
  const digits = BigInt(fraction.slice(0, FRACTION_DIGITS).padEnd(FRACTION_DIGITS, '0'))
  return BigInt(whole) * unit + (digits * unit) / 10n ** BigInt(FRACTION_DIGITS)
}
