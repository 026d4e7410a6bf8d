/** What keeps a fetch from its answer; the words of the egress room. */
const EGRESS_PROBLEMS = [
  'address-forbidden',
  'host-not-allowed',
  'scheme',
  'status',
  'timeout',
  'too-large',
  'unreachable',
] as const

/** Nobody was asked at all, for the sake of those who would be, or of those who wait. */
const NOT_ASKED = ['queue-full', 'host-resting', 'busy', 'offline'] as const

/** What keeps an answer that arrived from being used. */
type AnswerProblem = 'malformed' | 'unusable' | 'older' | 'out-of-date' | 'from-future' | 'too-many'

export type RevocationProblem =
  (typeof EGRESS_PROBLEMS)[number] | (typeof NOT_ASKED)[number] | AnswerProblem | 'internal'

const DETAIL_LIMIT_CHARACTERS = 300

/** Why a source gave nothing that can be used. The detail is for the operator and quotes nothing of an answer. */
export class RevocationFailure extends Error {
  readonly problem: RevocationProblem
  readonly detail: string

  constructor(problem: RevocationProblem, detail: string, cause?: unknown) {
    super(`${problem}: ${detail}`, { cause })
    this.name = 'RevocationFailure'
    this.problem = problem
    this.detail = detail.slice(0, DETAIL_LIMIT_CHARACTERS)
  }

  get wasAsked(): boolean {
    return !NOT_ASKED.some((problem) => problem === this.problem)
  }
}

/** Keeps the problem of a failed fetch; anything that is not expected to be thrown is a fault of ours. */
export function toRevocationFailure(error: unknown): RevocationFailure {
  if (error instanceof RevocationFailure) return error
  if (!(error instanceof Error)) return new RevocationFailure('internal', 'unknown', error)
  const named = 'problem' in error ? EGRESS_PROBLEMS.find((problem) => problem === error.problem) : undefined
  return new RevocationFailure(named ?? 'internal', error.message, error)
}
