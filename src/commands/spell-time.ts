import type { CertificateFacts } from '../model/client.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** As certificates have it: to the second. */
export function writeTime(time: Date): string {
  return time.toISOString().replace(/\.\d{3}Z$/, 'Z')
}

/** In the unit that a person would take, rounded down: nobody is to think that there is more time than there is. */
export function spellSpan(ms: number): string {
  if (ms >= 2 * DAY_MS) return `${Math.floor(ms / DAY_MS)} days`
  if (ms >= 2 * HOUR_MS) return `${Math.floor(ms / HOUR_MS)} hours`
  const minutes = Math.floor(ms / MINUTE_MS)
  return `${minutes} minute${minutes === 1 ? '' : 's'}`
}

/** `valid until 2027-01-01T00:00:00Z, 35 days left`, or what else there is to say of the dates now. */
export function spellValidity({ notBefore, notAfter }: CertificateFacts, now: Date): string {
  const until = `until ${writeTime(notAfter)}`
  if (now > notAfter) return `valid ${until}, expired ${spellSpan(now.getTime() - notAfter.getTime())} ago`
  if (now < notBefore)
    return `valid from ${writeTime(notBefore)} ${until}, begins in ${spellSpan(notBefore.getTime() - now.getTime())}`
  return `valid ${until}, ${spellSpan(notAfter.getTime() - now.getTime())} left`
}

/** `1 hour old`; something dated ahead of the clock is said to be so. */
export function spellAge(time: Date, now: Date): string {
  const ms = now.getTime() - time.getTime()
  return ms < 0 ? `dated ${spellSpan(-ms)} ahead` : `${spellSpan(ms)} old`
}

/** When the next of something is due that is replaced from time to time. */
export function spellNextUpdate(nextUpdate: Date | null, now: Date): string {
  if (nextUpdate === null) return 'names no next update'
  const ms = nextUpdate.getTime() - now.getTime()
  return ms < 0 ? `next update overdue for ${spellSpan(-ms)}` : `next update in ${spellSpan(ms)}`
}
