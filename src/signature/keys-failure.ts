export type KeysProblem =
  | ('unreachable' | 'timeout' | 'status' | 'too-large' | 'malformed' | 'too-many-keys' | 'no-usable-keys')
  /** Nobody was asked: there was no place for the fetch, or the host is left alone. */
  | ('busy' | 'host-rests')

/** Why no keys could be had. The detail is for the operator; nothing of what was answered is in it. */
export class KeysFailure extends Error {
  readonly problem: KeysProblem

  constructor(problem: KeysProblem, detail: string, cause?: unknown) {
    super(`${problem}: ${detail}`, { cause })
    this.name = 'KeysFailure'
    this.problem = problem
  }

  get wasAsked(): boolean {
    return this.problem !== 'busy' && this.problem !== 'host-rests'
  }
}
