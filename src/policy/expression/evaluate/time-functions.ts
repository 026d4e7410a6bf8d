import { asTimestamp } from './arithmetic.ts'
import { DURATION_TEXT_LIMIT, parseDuration, type Duration } from './duration.ts'
import { EvaluationFailure } from './evaluation-failure.ts'
import type { LanguageFunction } from './function-table.ts'
import { DURATION, TIMESTAMP } from './node-type.ts'

/** RFC 3339 section 5.6, without a leap second. */
const DATE_TIME =
  /^(\d{4})-(\d\d)-(\d\d)[Tt]([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(\.\d{1,9})?(?:[Zz]|([+-])([01]\d|2[0-3]):([0-5]\d))$/
const OFFSET = /^([+-]?)(\d\d):(\d\d)$/
const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

/** Reads a time of RFC 3339, to the millisecond. @throws EvaluationFailure */
export function parseTimestamp(text: string): Date {
  const parts = DATE_TIME.exec(text)
  if (parts === null) throw new EvaluationFailure('timestamp() wants a time such as 2027-01-01T00:00:00Z')
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(1, 7).map(Number)
  const time = new Date(0)
  time.setUTCFullYear(year, month - 1, day)
  // The 30th of February would be taken for a day of March.
  if (time.getUTCMonth() !== month - 1 || time.getUTCDate() !== day)
    throw new EvaluationFailure('timestamp() wants a day that exists')
  time.setUTCHours(hour, minute, second, Math.floor(Number(parts[7] ?? '0') * 1000))
  const [sign, hours = '0', minutes = '0'] = parts.slice(8)
  return asTimestamp(time.getTime() - offsetMs(sign ?? '', hours, minutes))
}

function offsetMs(sign: string, hours = '0', minutes = '0'): number {
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * MINUTE_MS
}

const formats = new Map<string, Intl.DateTimeFormat>()
const FORMATS_LIMIT = 100
/** More than the longest name of the IANA database. */
export const ZONE_LIMIT = 64

/** The time with the clock of a zone read as if it were UTC; a zone is an offset such as -03:00 or a name such as America/Sao_Paulo. */
function inZone(time: Date, zone: string): Date {
  const [, sign, hours, minutes] = OFFSET.exec(zone) ?? []
  if (sign !== undefined) return new Date(time.getTime() + offsetMs(sign, hours, minutes))
  const parts = formatOf(zone).formatToParts(time)
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = FIELDS.map((field) =>
    Number(parts.find(({ type }) => type === field)?.value),
  )
  const local = new Date(0)
  // Date.UTC() takes the years 0 to 99 for 1900 to 1999.
  local.setUTCFullYear(year, month - 1, day)
  local.setUTCHours(hour, minute, second, time.getUTCMilliseconds())
  return local
}

const FIELDS = ['year', 'month', 'day', 'hour', 'minute', 'second'] as const

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone)
  if (known !== undefined) return known
  if (timeZone.length > ZONE_LIMIT) throw new EvaluationFailure(`a time zone of more than ${ZONE_LIMIT} characters`)
  const numeric = 'numeric'
  const fields = {
    year: numeric,
    month: numeric,
    day: numeric,
    hour: numeric,
    minute: numeric,
    second: numeric,
  } as const
  const format = new Intl.DateTimeFormat('en-US', { ...fields, timeZone, hourCycle: 'h23' })
  if (formats.size >= FORMATS_LIMIT) formats.clear()
  formats.set(timeZone, format)
  return format
}

/** What `time.get...()` gives, and `time.get...("zone")` by the clock of that zone. */
const GETTERS: Readonly<Record<string, (time: Date) => number>> = {
  getFullYear: (time) => time.getUTCFullYear(),
  getMonth: (time) => time.getUTCMonth(),
  getDate: (time) => time.getUTCDate(),
  getDayOfMonth: (time) => time.getUTCDate() - 1,
  getDayOfWeek: (time) => time.getUTCDay(),
  getDayOfYear: (time) => Math.floor((time.getTime() - new Date(time).setUTCMonth(0, 1)) / DAY_MS),
  getHours: (time) => time.getUTCHours(),
  getMinutes: (time) => time.getUTCMinutes(),
  getSeconds: (time) => time.getUTCSeconds(),
  getMilliseconds: (time) => time.getUTCMilliseconds(),
}

function whole(unit: bigint): (duration: Duration) => bigint {
  return ({ nanoseconds }) => nanoseconds / unit
}

export const TIME_FUNCTIONS: readonly LanguageFunction[] = [
  { signature: `timestamp(string): ${TIMESTAMP}`, handler: parseTimestamp, cost: { perCall: 20 } },
  {
    signature: `timestamp(int): ${TIMESTAMP}`,
    handler: (seconds: bigint) => asTimestamp(Number(seconds) * 1000),
  },
  ...Object.entries(GETTERS).flatMap(([name, get]) => [
    { signature: `${TIMESTAMP}.${name}(): int`, handler: get, isSmall: true },
    {
      signature: `${TIMESTAMP}.${name}(string): int`,
      handler: (time: Date, zone: string) => get(inZone(time, zone)),
      isSmall: true,
      // A zone that is not at hand is built, which takes a tenth of a millisecond.
      cost: { perCall: 2500, characterLimit: ZONE_LIMIT },
    },
  ]),
  {
    signature: `duration(string): ${DURATION}`,
    handler: parseDuration,
    cost: { perCall: 20, perCharacter: 4, characterLimit: DURATION_TEXT_LIMIT },
  },
  { signature: `${DURATION}.getHours(): int`, handler: whole(3_600_000_000_000n) },
  { signature: `${DURATION}.getMinutes(): int`, handler: whole(60_000_000_000n) },
  { signature: `${DURATION}.getSeconds(): int`, handler: whole(1_000_000_000n) },
  {
    signature: `${DURATION}.getMilliseconds(): int`,
    handler: ({ nanoseconds }: Duration) => (nanoseconds / 1_000_000n) % 1000n,
  },
]
