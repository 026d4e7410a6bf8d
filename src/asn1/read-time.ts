import type { DerNode } from './der-node.ts'
import { DerSyntaxError } from './der-syntax-error.ts'
import { isUniversal } from './expect-node.ts'
import { TAG } from './tags.ts'

/** UTCTime or GeneralizedTime with seconds, in UTC, without fractions (RFC 5280 section 4.1.2.5). @throws DerSyntaxError */
export function readTime(node: DerNode | undefined, what: string): Date {
  const text = node === undefined ? null : longForm(node)
  const time = text === null ? null : parseDigits(text)
  if (time === null) throw new DerSyntaxError(`${what} is no time`)
  return time
}

/** `YYYYMMDDHHMMSSZ` for either type; null for any other text or type. */
function longForm(node: DerNode): string | null {
  const text = node.contents.toString('latin1')
  if (isUniversal(node, TAG.generalizedTime)) return /^\d{14}Z$/.test(text) ? text : null
  if (!isUniversal(node, TAG.utcTime) || !/^\d{12}Z$/.test(text)) return null
  return (text < '5' ? '20' : '19') + text
}

/** Null for 31 February and 24:00:00, which Date takes for the day after. */
function parseDigits(text: string): Date | null {
  const part = (start: number): number => Number(text.slice(start, start + 2))
  const [month, day, hours, minutes, seconds] = [part(4), part(6), part(8), part(10), part(12)]
  const time = new Date(0)
  time.setUTCFullYear(Number(text.slice(0, 4)), month - 1, day)
  time.setUTCHours(hours, minutes, seconds)
  const rolledOver = time.getUTCMonth() !== month - 1 || time.getUTCDate() !== day || time.getUTCHours() !== hours
  return rolledOver || minutes > 59 || seconds > 59 ? null : time
}
