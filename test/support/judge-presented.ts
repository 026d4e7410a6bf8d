import { describeProblem } from '../../src/certificate/path/describe-problem.ts'
import { checkDates } from '../../src/certificate/path/check-dates.ts'
import type { TrustStore } from '../../src/certificate/trust/trust-store.ts'
import { verifyPresented } from '../../src/certificate/verify-presented.ts'
import type { Finding } from '../../src/model/refusal.ts'

/** What the certificate stage finds wrong with a chain at a moment, revocation and OpenSSL left aside; null when nothing. Synchronous, for many thousands. */
export function judgePresented([own, ...others]: readonly Buffer[], trust: TrustStore, now: Date): Finding | null {
  if (own === undefined) throw new RangeError('nothing presented')
  const verdict = verifyPresented(own, others, trust)
  if ('refused' in verdict) return verdict.refused
  const problems = verdict.paths.map((path) => checkDates(path, now))
  const [first = null] = problems.includes(null) ? [] : problems
  return first === null ? null : describeProblem(first)
}
