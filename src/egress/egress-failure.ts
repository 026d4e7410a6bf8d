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

/** Why something was not fetched. The detail is for the operator; nothing of what was answered is in it. */
export class EgressFailure extends Error {
  readonly problem: EgressProblem
  readonly detail: string
  /** Of an answer that was no 200; null where there was no answer. */
  readonly status: number | null

  constructor(problem: EgressProblem, detail: string, cause?: unknown, status: number | null = null) {
    super(`${problem}: ${detail}`, { cause })
    this.name = 'EgressFailure'
    this.problem = problem
    this.detail = detail
    this.status = status
  }
}
