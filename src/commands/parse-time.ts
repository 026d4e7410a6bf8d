import { InvalidArgumentError } from 'commander'
import { readTime } from '../certificate/trusted-list/read-time.ts'

/** The value of `--at`: a day, whose first moment counts, or a time with its zone. @throws InvalidArgumentError */
export function parseTime(text: string): Date {
  const time = readTime(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text)
  if (time === null) throw new InvalidArgumentError('wanted a date such as 2026-11-01 or 2026-11-01T00:00:00Z')
  return time
}
