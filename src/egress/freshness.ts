export interface FreshTimes {
  /** However short the server wants it: nobody may make the gateway ask for every request. */
  readonly minFreshMs: number
  /** However long the server wants it: what was withdrawn must not serve for a year. */
  readonly maxFreshMs: number
  /** Where the server does not say. */
  readonly defaultFreshMs: number
}

const NEVER_KEPT = /(?:^|,)\s*(?:no-store|no-cache)\s*(?:=|,|$)/i
const MAX_AGE = /(?:^|,)\s*max-age\s*=\s*"?(\d{1,10})"?\s*(?:,|$)/i

/** How long an answer serves without asking again, by its Cache-Control (RFC 9111 section 5.2.2) and within our own bounds. */
export function freshMsOf(cacheControl: string, { minFreshMs, maxFreshMs, defaultFreshMs }: FreshTimes): number {
  if (NEVER_KEPT.test(cacheControl)) return minFreshMs
  const maxAge = MAX_AGE.exec(cacheControl)?.[1]
  const wanted = maxAge === undefined ? defaultFreshMs : Number(maxAge) * 1_000
  return Math.min(Math.max(wanted, minFreshMs), maxFreshMs)
}
