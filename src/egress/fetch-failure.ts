import { EgressFailure, type EgressProblem } from './egress-failure.ts'

export type FetchProblem =
  | EgressProblem
  /** Too much is being fetched already, there or altogether. */
  | 'busy'
  /** The host was silent too often in a row, and is left alone for a while. */
  | 'host-rests'
  /** What was answered is not what is wanted. */
  | 'malformed'

/** Why a value could not be had. The detail is for the operator; nothing of what was answered is in it. */
export class FetchFailure extends Error {
  readonly problem: FetchProblem
  readonly detail: string
  /** Of an answer that was no 200; null otherwise. */
  readonly status: number | null
  /** As of EgressFailure. */
  readonly isSilence: boolean

  constructor(problem: FetchProblem, detail: string, cause?: unknown) {
    super(`${problem}: ${detail}`, { cause })
    this.name = 'FetchFailure'
    this.problem = problem
    this.detail = detail
    this.status = cause instanceof EgressFailure ? cause.status : null
    this.isSilence = cause instanceof EgressFailure && cause.isSilence
  }
}

/** A failure in these words. @throws the error itself when it is none: a fault of ours must not pass for one of a host */
export function toFetchFailure(error: unknown): FetchFailure {
  if (error instanceof FetchFailure) return error
  if (error instanceof EgressFailure) return new FetchFailure(error.problem, error.detail, error)
  throw error
}
