import type { ParsedCertificate } from '../../parse/parsed-certificate.ts'
import type { RevocationQuestion } from './revocation-functions.ts'
import type { RevocationStatus } from '../revocation-status.ts'

interface Remembered {
  readonly status: RevocationStatus
  /** What the status was made of, by identity. */
  readonly madeOf: readonly object[]
  readonly sinceMs: number
  readonly untilMs: number
}

/** For so long a status serves without its signatures being checked again. */
const MEMO_MS = 30_000

/**
 * Spares requests that follow each other on a connection the arithmetic. A status ages, so it is kept for moments, never past its own end
 * and never when anything it was made of has changed.
 */
export class StatusMemo {
  readonly #byCertificate = new WeakMap<ParsedCertificate, Remembered>()

  find(
    { link, path }: RevocationQuestion,
    answers: readonly object[],
    now: Date,
    make: () => RevocationStatus,
  ): RevocationStatus {
    const madeOf = [link.issuer, path.anchor, ...answers]
    const nowMs = now.getTime()
    const known = this.#byCertificate.get(link.certificate)
    if (known !== undefined && nowMs >= known.sinceMs && nowMs <= known.untilMs && isSame(known.madeOf, madeOf))
      return known.status
    const status = make()
    const endMs = status.kind === 'good' ? (status.nextUpdate?.getTime() ?? Infinity) : Infinity
    const untilMs = Math.min(nowMs + MEMO_MS, endMs)
    this.#byCertificate.set(link.certificate, { status, madeOf, sinceMs: nowMs, untilMs })
    return status
  }
}

function isSame(one: readonly object[], other: readonly object[]): boolean {
  return one.length === other.length && one.every((part, index) => part === other[index])
}
