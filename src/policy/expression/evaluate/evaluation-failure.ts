/** An expression that has no value, such as one that takes a member which is not there; its message may quote the request. */
export class EvaluationFailure extends Error {
  override readonly name = 'EvaluationFailure'
}

/**
 * Fails with a message that is known when the policy is loaded. The error is made once: what costs in a failure is writing down the stack,
 * and absent members are daily fare.
 */
export function failingWith(message: string): () => never {
  let failure: EvaluationFailure | null = null
  return () => {
    failure ??= new EvaluationFailure(message)
    throw failure
  }
}

/** Part of an expression that the type checker lets pass and policies do not have; a load error. */
export class NotOffered extends Error {
  override readonly name = 'NotOffered'
  readonly offset: number
  readonly wanted: string

  constructor(offset: number, wanted: string, found: string) {
    super(found)
    this.offset = offset
    this.wanted = wanted
  }
}
