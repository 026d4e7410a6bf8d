import type { AnswerSpan } from './answer-span.ts'

export interface RefreshTimes {
  /** Never sooner, however short-lived an answer is. */
  readonly minMs: number
  /** Never later: issuers publish ahead of schedule when something happened. */
  readonly maxMs: number
}

/** The part of its life after which an answer is fetched anew while it still serves, and how far chance moves that. */
const AHEAD = 0.75
const SPREAD = 0.2

/**
 * How long from now an answer should be fetched anew. `chance` (0 to 1) spreads what was fetched together, so that neither a restart nor a
 * CA's midnight makes all of it due at once. An issuer that is late is asked at ever shorter intervals.
 */
export function refreshDelayMs(span: AnswerSpan, now: Date, chance: number, { minMs, maxMs }: RefreshTimes): number {
  return Math.max(minMs, Math.min(maxMs * (1 - SPREAD * chance), wantedDelayMs(span, now, chance)))
}

function wantedDelayMs({ thisUpdate, nextUpdate }: AnswerSpan, now: Date, chance: number): number {
  if (nextUpdate === null) return Infinity
  const life = nextUpdate.getTime() - thisUpdate.getTime()
  const due = thisUpdate.getTime() + life * (AHEAD + SPREAD * (chance - 0.5)) - now.getTime()
  return due > 0 ? due : (nextUpdate.getTime() - now.getTime()) * AHEAD
}
