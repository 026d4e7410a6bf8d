export type EgressProblem =
  /** Where the name leads, or the address that stands for one, is no place to go. */
  | 'address-forbidden'
  | 'host-not-allowed'
  /** No absolute URL of an allowed scheme, or one with credentials in it. */
  | 'scheme'
  | 'status'
  | 'timeout'
  | 'too-large'
  | 'unreachable'

interface SeenOfHost {
  readonly status?: number
  readonly isSilence?: boolean
}

/** Why something was not fetched. The detail is for the operator; nothing of what was answered is in it. */
export class EgressFailure extends Error {
  readonly problem: EgressProblem
  readonly detail: string
  /** Of an answer that was no 200; null where there was no answer. */
  readonly status: number | null
  /** Nobody was met there: no such name, no connection, or none within the time. What the path of a URL leads to has no part in it. */
  readonly isSilence: boolean

  constructor(problem: EgressProblem, detail: string, cause?: unknown, seen: SeenOfHost = {}) {
    super(`${problem}: ${detail}`, { cause })
    this.name = 'EgressFailure'
    this.problem = problem
    this.detail = detail
    this.status = seen.status ?? null
    this.isSilence = seen.isSilence ?? false
  }
}
